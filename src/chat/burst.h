/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bursts: people write "在吗", "我那个", "快递", "到哪了" in four messages. Each is stored and acknowledged at once; this says
 * when the bot answers them, as one text: a complete question at once, what sounds unfinished after a moment in which
 * more may come, and never later than a limit after the first of them. The words and times are data: packs/LANG/burst.tsv.
 * Pure: times are given; any thread.
 *
 * A row is kind<TAB>milliseconds<TAB>word:
 *   most   MS -      a burst is answered this long after its first text at the latest
 *   typing MS -      how long a sign that the buyer is typing extends the wait
 *   short  MS N      after a text of at most N characters that no other row speaks of
 *   number MS -      after a text with a digit in it: a number, a size, a measure
 *   long   0  N      a text of more than N characters is complete, unless it ends with a word of kind end
 *   greet  MS WORD   after a text that is nothing but this; left out when more was said
 *   whole  MS WORD   after a text that is nothing but this
 *   end    MS WORD   after a text that ends with this
 *   has    MS WORD   after a text that this stands in
 * A number comes first, then the rows of greet to has in this order, then short; of two words of one kind the longer one counts.
 */

#include "base/str.h"

struct burst_text {
    struct str text;
    int64_t at_ms;
};

/** What a buyer wrote since somebody answered. */
struct burst {
    const struct burst_text *texts; /**< oldest first, at least one */
    size_t n;
    struct str last_said; /**< the bot's last words before them, or empty: who was asked something is answered at once */
    int64_t typing_ms;    /**< last sign of typing; 0: none */
};

/** How long to wait after @p text for more of it; 0: it is complete. */
int burst_wait_ms(struct arena *a, struct str text);
/** When the burst is to be answered: at or before the time of its last text means now. */
int64_t burst_due_ms(struct arena *a, const struct burst *b);
/** The texts as one, greetings left out when there is more, in @p a; one text as it is. */
struct str burst_join(struct arena *a, const struct burst_text *texts, size_t n);
