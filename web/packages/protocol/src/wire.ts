// SPDX-License-Identifier: Apache-2.0
//
// What travels between the server and the screens: the shapes of /api/v1 bodies that both apps use, and
// every frame of the live socket. The server's side of the same contract is the route tables in src/*/*_api.c
// and src/chat/live.h; `xiaoer` serves the HTTP part as OpenAPI at /api/v1/openapi.json.
//
// Always true: ids are strings; times are RFC 3339 with an offset; money is integer minor units; every live
// event carries the conversation's `seq`, and a client resumes by telling the last one that it has.

export type Handler = 'bot' | 'queue' | 'agent' | 'closed';
export type AuthorKind = 'buyer' | 'bot' | 'agent' | 'system';
export type MessageKind =
  | 'text' | 'order_card' | 'product_card' | 'choices' | 'system' | 'rating_request' | 'note'
  | 'image' | 'file' | 'form' | 'case_card';
export type AgentStatus = 'online' | 'busy' | 'break' | 'offline';

export interface Author { kind: AuthorKind; id?: string; name: string }

export interface OrderItem { title: string; sku_text: string; quantity: number; paid_cents: number; product: string; sub_id?: string }
export interface OrderCard {
  order_id: string; status: string; status_text: string; total_cents: number; currency: string;
  created_at: string; items: OrderItem[];
  trace: { text: string; place: string; at: string; kind: string } | null;
}
export interface ProductCard {
  product_id: string; title: string; price_cents: number; currency: string; category: string; in_stock: boolean;
}
/** A button: pressing it sends `label` as a message of kind `text` with `choice: {…}` beside it. */
export interface Choice {
  label: string; order_id?: string; product_id?: string; intent?: string; action?: 'human' | 'rate';
  agreement?: string; agree?: boolean;      // a button of a proposed agreement: yes or no to it, nothing else
  style?: 'primary' | 'danger';             // a question that wants a yes or a no: drawn as large buttons, the main one filled
}
/** A photo or a document; its bytes are at GET /api/v1/uploads/:id, for who may see the conversation. */
export interface Upload { id: string; type: string; bytes: number; width: number; height: number } // 0 x 0: a document
export interface FormField {
  name: string; label: string; type: 'text' | 'phone' | 'region' | 'name' | 'textarea';
  required: boolean; max: number; value?: string;
}
/** Answered by `send` with kind form and `form: {id, values}`: once, and while the bot has the conversation. */
export interface Form { id: string; title: string; submit: string; fields: FormField[] }
/** What a buyer filled in, masked: the values themselves are stored nowhere. */
export interface FormAnswer { id: string; fields: { label: string; text: string }[] }
/** Where an after-sale case stood when the card was sent. `now`: the step that it is at; a case that is over has none. */
export interface CaseCard {
  case_id: string; order_id: string; type: string; type_text: string; state: string; state_text: string;
  amount_cents: number; currency: string; due_at: string | null; due_text: string;
  steps: { text: string; done: boolean; now: boolean; at: string | null }[];
}

export interface Message {
  seq: number; kind: MessageKind; author: Author; text: string; at: string;
  client_id?: string;                       // on the sender's own messages
  order?: OrderCard; product?: ProductCard; // by kind
  image?: Upload; file?: Upload; form?: Form; form_answer?: FormAnswer; case?: CaseCard;
  choices?: Choice[];                       // kind choices: single use
  event?: string;                           // kind system: queued | assigned | transferred | returned | closed | hours | cancelled | rated | joined
  ai?: boolean;                             // written by the bot: shown as 内容由 AI 生成
  sources?: { kind: string; id: string; title?: string }[];
  conversation: string;
}

export interface QueueInfo { position: number; eta_seconds: number; group: string }
/** A conversation as the buyer sees it. */
export interface Conversation {
  id: string; seq: number; handler: Handler; language: string;
  agent: { name: string } | null; queue: QueueInfo | null;
  opened_at: string; closed_at: string | null; rated: boolean; rating_open: boolean;
  agent_read: number;                       // the agent has read up to this seq
}

// ---- buyer: HTTP (Authorization: Bearer <token of the session>) -------------------------------------------
// POST /api/v1/widget/sessions  (no token needed)
export interface SessionRequest { channel: string; user_token?: string; visitor?: string; locale?: string }
export interface Session {
  token: string; expires_at: string; visitor: string;
  contact: { id: string; name: string; guest: boolean };
  shop: {
    id: string; name: string; language: string; theme: string; currency: string; time_zone: string;
    greeting: string; faq: string[]; quick: Choice[];
    hours: string; open_now: boolean; agents_online: number;
  };
  guess: Choice[];           // what this buyer will ask most likely, of the order most likely in trouble; of a guest none
  order: OrderCard | null;   // the order that they are about, when one stands out
  conversation: Conversation | null;
}
// GET  /api/v1/widget/history?before=CURSOR&limit=30 -> Page<Message>, newest first, over all this buyer's conversations
// GET  /api/v1/widget/orders?q=&limit=10             -> Page<OrderCard>
// GET  /api/v1/widget/reminders, PUT {on}            -> {on: boolean}: whether this buyer is told anything unasked
// GET  /api/v1/widget/products/:id                   -> ProductCard
// GET  /api/v1/widget/suggest?q=&product=&order=     -> { items: string[], off?: true }, at most 5; off: the shop wants none
// POST /api/v1/widget/messages                       -> 201 {conversation, seq}: what `send` does, for clients without a socket
// POST /api/v1/widget/uploads                        -> 201 Upload; the file itself as body; 413 too_large, 415 bad_type, 429
// GET  /api/v1/uploads/:id                           -> the bytes, for the buyer and for people of the shop
// POST /api/v1/widget/conversations/:id/rating  {stars 1..5, solved?: boolean, tags?: string[], text?: string} -> 201; changeable for 24 h
// POST /api/v1/widget/conversations/:id/feedback {seq, helpful: boolean, reason?: string} -> 201
export interface Page<T> { items: T[]; next: string | null }
/** RFC 9457. `code` is stable; `detail` is a sentence for people. */
export interface Problem { type: string; title: string; status: number; detail: string; code: string; request_id: string }

// ---- live socket: GET /api/v1/live ------------------------------------------------------------------------
export type ClientFrame =
  | { type: 'auth'; token?: string; ticket?: string; conversation?: string | null; since?: number } // first frame, within 10 s
  | { type: 'send'; client_id: string; conversation?: string; kind?: 'text' | 'order_card' | 'product_card' | 'note' | 'image' | 'form';
      text?: string; order_id?: string; product_id?: string; choice?: Choice;
      upload?: string;                                                     // kind image: id of the buyer's own upload
      form?: { id: string; values: Record<string, string> };               // kind form
      context?: { page?: string; product?: string; order?: string } }
  | { type: 'human'; client_id: string; group?: string }     // buyer: 转人工
  | { type: 'cancel_queue' }                                 // buyer leaves the queue, the bot has it again
  | { type: 'end' }                                          // buyer ends the service
  | { type: 'typing'; conversation?: string; on: boolean }
  | { type: 'read'; conversation?: string; seq: number }
  | { type: 'watch'; conversation: string; since: number }   // staff: live messages of one conversation
  | { type: 'unwatch'; conversation: string }
  | { type: 'ping' };

export type ServerFrame =
  | { type: 'ready'; role: 'buyer' | 'staff'; conversation?: Conversation | null; seq: number; at: string }
  | { type: 'ack'; client_id: string; conversation: string; seq: number; at: string }      // stored, durable
  | { type: 'message'; conversation: string; seq: number; message: Message }
  | { type: 'conversation'; seq: number; conversation: Conversation }                      // handler, queue place, agent changed
  | { type: 'inbox'; seq: number; item: InboxItem }                                        // staff: one row of a list is new or changed
  | { type: 'me'; seq: 0; status: AgentStatus; load: number; cap: number; queue_length: number }
  | { type: 'typing'; conversation: string; seq: number; author: AuthorKind; on: boolean }
  | { type: 'read'; conversation: string; seq: number; reader: AuthorKind }                // read up to seq
  | { type: 'error'; client_id?: string; code: string; text: string; retry_after_ms?: number; field?: string }
  | { type: 'reconnect'; after_ms: number }                                                // the server is going down
  | { type: 'pong' };
// After `auth` a buyer's socket gets: the missed messages (seq > since) as `message` frames, in order, then `ready`.
// `since` belongs to `conversation`; when the buyer has a newer conversation by now, it is replayed from 1.
// Error codes: bad_token, bad_frame, too_long, rate_limited, not_found, not_yours, closed, storage, conflict, not_allowed;
// bad_form (a value does not fit: `field`), form_over (answered already, or no longer the bot's to read).
// `storage` = could not be stored (disk full…): not acknowledged, send again with the same client_id.

// ---- staff: HTTP (cookie `xiaoer_session`, HttpOnly, SameSite=Strict; writes need header `X-Xiaoer: 1`; or Bearer) ----
// POST /api/v1/auth/sign-in {shop, sign_in, password} -> {me: Me}   sets the cookie; 429 after 5 failures (retry_after)
// POST /api/v1/auth/invitation {code, sign_in, password} -> {me: Me}
// POST /api/v1/auth/password {old, new} -> 204        POST /api/v1/auth/sign-out -> 204
// POST /api/v1/auth/ticket -> {ticket}                (single use, 30 s: first frame of the live socket)
// GET  /api/v1/me -> Me                                PUT /api/v1/me/status {status} -> Me
export interface Me {
  id: string; name: string; alias: string; roles: string[]; status: AgentStatus; load: number; cap: number;
  queue_length: number; must_change_password: boolean;
  shop: { id: string; name: string; language: string; currency: string; theme: string; hours: string; time_zone: string };
  skills: { skill: string; level: number }[]; languages: string[];
}
// GET /api/v1/conversations?tab=mine|queue|bot|closed&q=&cursor=&limit=50 -> Page<InboxItem> (mine, queue: longest wait first) + counts
export interface InboxItem {
  id: string; seq: number; handler: Handler; agent: { id: string; name: string } | null; group: string;
  contact: { id: string; name: string }; channel: string; language: string; topic: string; // topic: last intent's name
  last: { author: AuthorKind; text: string; at: string };
  unread: number;                        // buyer's messages after the agent's last read
  waiting_since: string | null;          // first unanswered buyer message (agent), or when it was queued
  opened_at: string; queued_at: string | null; closed_at: string | null; needs_person: boolean; rating: number | null;
}
export interface Inbox extends Page<InboxItem> { counts: { mine: number; queue: number; bot: number; closed: number } }
// GET /api/v1/conversations/:id -> Detail
export interface Detail {
  item: InboxItem;
  contact: { id: string; name: string; buyer: string; guest: boolean; language: string; orders: number; first_seen: string };
  entry: { page: string; product: ProductCard | null; order_id: string | null };
  summary: string;                       // what the bot knows, made from stored data
  understanding: { intent: string; intent_name: string; confidence: number; emotion: string; slots: Record<string, string>; at_seq: number } | null;
  suggestions: { text: string; source: { kind: string; id: string; title: string }; score: number }[];
  reasons: { at: string; kind: string; text: string }[];       // why it was queued, why this agent
  previous: { id: string; opened_at: string; closed_at: string | null; category: string; topic: string }[];
}
// GET  /api/v1/conversations/:id/messages?before=SEQ&limit=50 -> Page<Message> (newest first; notes included)
// POST /api/v1/conversations/:id/messages {client_id, kind: text|note|order_card|product_card, text?, order_id?, product_id?} -> 201 {seq}
// POST /api/v1/conversations/:id/take -> Detail            (from the queue or from the bot; 409 when somebody else has it or the cap is reached)
// POST /api/v1/conversations/:id/transfer {to_person? , to_group?, note} -> 204
// POST /api/v1/conversations/:id/resolve {category, note?} -> 204
// GET  /api/v1/conversations/:id/orders -> Page<Order>     GET /api/v1/products?q=&limit=20 -> Page<Product>
export interface Order extends OrderCard {
  paid_at: string | null; shipped_at: string | null; freight_cents: number;
  address: { name: string; phone: string; region: string; detail: string };  // masked
  parcels: { carrier: string; carrier_phone: string; tracking_no: string;
             events: { at: string; kind: string; place: string; text: string }[] }[];
}
export interface Product extends ProductCard {
  attributes: Record<string, string>; seven_day: string; skus: { id: string; text: string; price_cents: number; stock: number }[];
}
// GET /api/v1/people -> {items: Colleague[]}   GET /api/v1/groups -> {items: {skill, online, waiting}[]}   GET /api/v1/categories -> {items: {id, name}[]}
export interface Colleague { id: string; name: string; alias: string; status: AgentStatus; load: number; cap: number; skills: string[] }
// GET /api/v1/canned -> {items: Canned[]}  POST /api/v1/canned {scope, group, title, text}  PUT/DELETE /api/v1/canned/:id
export interface Canned { id: string; scope: 'shop' | 'mine'; group: string; title: string; text: string }

// ---- knowledge: reading is for all staff, changing for owner, leader and trainer ---------------------------
/** Highest first: of several answers the one of the highest layer is given. */
export type Layer = 'emergency' | 'industry' | 'shop' | 'product' | 'activity' | 'policy' | 'small_talk';
/** When an answer holds. A list that is missing or empty asks for nothing. */
export interface Conditions {
  order_status?: string[]; product?: string[]; category?: string[]; language?: string[]; channel?: string[]; tag?: string[];
}
/** What a person writes: the shape of an import row, less id and shop. */
export interface KnowledgeText {
  layer: Layer; question: string; similar: string[]; answer: string; conditions: Conditions;
  valid_from: string | null; valid_to: string | null; override: boolean;
}
export type KnowledgeState = 'in_force' | 'to_come' | 'over' | 'archived';
export interface KnowledgeRow extends KnowledgeText {
  id: string; state: KnowledgeState; version: number; changed_at: string;
  used: { hits: number; helpful: number; unhelpful: number }; // of the last seven days
}
export interface KnowledgeVersion extends Omit<KnowledgeRow, 'used'> { by: { id: string; name: string } | null } // null: an import
export interface KnowledgeEntry extends KnowledgeRow { versions: KnowledgeVersion[] }                            // newest first
/** Another entry that one of the wordings finds as surely as its own. */
export interface KnowledgeSame { id: string; layer: Layer; question: string; wording: string; asked: string; match: number }
// GET  /api/v1/knowledge?q=&layer=&state=in_use|over|archived&cursor=&limit= -> Page<KnowledgeRow>
// GET  /api/v1/knowledge/:id -> KnowledgeEntry
// POST /api/v1/knowledge {entry} -> 201; PUT /api/v1/knowledge/:id {entry, version?} -> KnowledgeSaved; 409 changed_since; 422 bad_entry
// POST /api/v1/knowledge/:id/archive, POST /api/v1/knowledge/:id/restore {version} -> KnowledgeSaved
// POST /api/v1/knowledge-check {question, similar?, id?} -> {same: KnowledgeSame[]}
export interface KnowledgeSaved extends Omit<KnowledgeRow, 'used'> { same: KnowledgeSame[] }
// POST /api/v1/knowledge-import {kind?, format: jsonl|csv|tsv, text, skip_bad?, dry_run?} -> ImportReport
export interface ImportReport {
  stored: boolean; rows: number; added: number; changed: number; same: number; refused: number;
  refusals: { line: number; text: string }[];   // the first hundred
}
// POST /api/v1/bot/try {text, language?, order?, product?, model?} -> Tryout; 422 no_order | no_model. Stores nothing.
export interface Tryout {
  normalised: string; language?: string; model?: string;       // not heard: a button, a number…
  intents?: { id: string; name: string; confidence: number }[]; sure?: boolean;
  entities?: { kind: string; text: string; value: string; number: number }[];
  emotion?: { name: string; strength: number };
  meaning: { intent: string; name: string; by: string; confidence: number };
  knowledge_asked: boolean;                                    // false: nothing stored was needed; the candidates are only near
  knowledge: { id: string; layer: Layer; question: string; wording: string; match: number; verdict: string }[];
  understood: { source: string } | null; decision: { act: string; check: string } | null;
  reason: string;                                              // "shop K12 over industry K3, by override (0.84)"
  action: { name: string; status: string; reason?: string } | null;
  sources: { kind: string; id: string; title?: string }[] | null; wants_person: boolean;
  reply: { kind: MessageKind; text: string; choices?: Choice[]; order?: OrderCard; product?: ProductCard }[];
}
