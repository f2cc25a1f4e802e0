// SPDX-License-Identifier: Apache-2.0
//
// One buyer's chat as the screen sees it: the state, and everything that a person or the page around us can do
// to it. It joins the HTTP side (session, history, orders) with the live socket and knows nothing of elements.
//
// Always true: what the buyer wrote is in the list at once and stays there until it is sent, however often the
// line breaks; the state is replaced, never changed in place; one Chat is one identity: another token or a
// log-out begins again from an empty state.
import { newClientId, Sock, type Sendable, type SockState } from '@xiaoer/protocol/sock';
import type {
  AuthorKind,
  Choice,
  Conversation,
  Form,
  FormAnswer,
  Message,
  OrderCard,
  ProductCard,
  ServerFrame,
  Session,
  Upload,
} from '@xiaoer/protocol';
import { Api, Fault, type Rating } from './api.ts';
import type { Happening } from './bridge.ts';
import { chime } from './chime.ts';
import { locale, localeOf, setLocale, t, type Locale } from './i18n/index.ts';
import { FILE_FAULTS, PDF, sortFiles } from './media/files.ts';
import { memory } from './memory.ts';
import { acknowledge, deliver, insert, item, prepend, rateable, readUpTo, type Item } from './stream/items.ts';

export interface Context {
  page?: string;
  product?: string;
  order?: string;
}
export type Strip = { kind: 'product'; card: ProductCard } | { kind: 'order'; card: OrderCard };
export type Sheet = 'orders' | 'rating' | 'form' | 'photo' | null;
/** A photo that is looked at large: which message shows it. */
export interface Photo {
  item: Item;
}
/** What became of a form that was sent: the field that does not fit, or a sentence. */
export type FormRefusal = { field?: string; text: string };

export interface State {
  phase: 'starting' | 'ready' | 'failed';
  problem: Fault | null; // why it failed
  locale: Locale;
  shop: Session['shop'] | null;
  guest: boolean;
  conversation: Conversation | null;
  items: Item[];
  older: 'more' | 'loading' | 'failed' | 'end';
  link: SockState;
  lost: boolean; // the line is down for so long that the buyer should know
  attempt: number;
  typing: AuthorKind | null;
  calling: boolean; // 转人工 was pressed and not answered yet
  strip: Strip | null;
  sheet: Sheet;
  rating: { conversation: string; given: Rating | null } | null;
  form: Form | null; // the one that is being filled in
  photo: Photo | null; // the one that is looked at
  feedback: Record<string, 'up' | 'down'>;
  notice: { text: string; alert: boolean } | null;
  unread: number;
  visible: boolean;
  phone: boolean;
  prefill: { text: string; at: number } | null;
}

export interface Options {
  base: string; // origin of the server
  channel: string;
  locale?: string;
  token?: string;
  tell(event: Happening, data?: unknown): void;
  paint(theme: string): void;
}

const PAGE = 30;
const DEFAULT_THEME = '#d4380d';
const LOST_AFTER_MS = 1_500;
const UNSENT_AFTER_MS = 20_000; // then it is marked as failed, though it is still tried
const ASK_RATING_MS = 700; // the last words are read first
const TYPING_MS = 8_000;
const NOTICE_MS = 5_000;

export class Chat {
  state: State;
  private listeners = new Set<() => void>();
  private api: Api;
  private sock: Sock | null = null;
  private renewAt = 0;
  private context: Context = {};
  private group: string | undefined;
  private theme: string | undefined; // given by the page: stronger than the shop's own
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private life = 0; // answers to an earlier identity are thrown away
  private wanted: (() => void)[] = []; // asked for before we were ready
  private told = 0; // read up to, as told by the server
  private readSeq = 0;

  constructor(private readonly o: Options) {
    this.api = new Api(o.base);
    this.api.renew = () => this.open();
    this.state = this.blank();
  }

  private blank(): State {
    return {
      phase: 'starting',
      problem: null,
      locale: localeOf(this.o.locale || navigator.language),
      shop: null,
      guest: true,
      conversation: null,
      items: [],
      older: 'more',
      link: 'idle',
      lost: false,
      attempt: 0,
      typing: null,
      calling: false,
      strip: null,
      sheet: null,
      rating: null,
      form: null,
      photo: null,
      feedback: {},
      notice: null,
      unread: 0,
      visible: this.state?.visible ?? false,
      phone: this.state?.phone ?? false,
      prefill: null,
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }

  // ---- beginning ------------------------------------------------------------------------------------------

  /** The page around us said who the buyer is and how to speak to them. */
  begin({ locale, token }: { locale?: string; token?: string }): Promise<void> {
    this.o.locale = locale ?? this.o.locale;
    this.o.token = token;
    return this.start();
  }

  start = async (): Promise<void> => {
    const life = ++this.life;
    this.sock?.stop();
    this.sock = null;
    this.timers.forEach(clearTimeout);
    this.timers.clear();
    this.told = this.readSeq = 0;
    this.unsuggested = false;
    this.unsent.clear();
    this.forgetFiles();
    const blank = this.blank();
    if (blank.locale !== locale()) await setLocale(blank.locale);
    if (life !== this.life) return;
    if (this.state.unread) this.o.tell('unread', 0);
    this.set(blank);
    try {
      const session = await this.open();
      if (life !== this.life) return;
      const page = await this.api.history(null, PAGE).catch(() => null);
      if (life !== this.life) return;
      this.arrive(session, page);
    } catch (fault) {
      if (life !== this.life) return;
      this.set({ phase: 'failed', problem: fault instanceof Fault ? fault : new Fault('unknown', 0, String(fault)) });
      this.o.tell('error', { code: this.state.problem?.code });
    }
  };

  private arrive(session: Session, page: { items: Message[]; next: string | null } | null): void {
    const { conversation } = session;
    let items = prepend([], page?.items ?? []);
    const open = conversation && conversation.handler !== 'closed';
    const said = open && items.some((i) => i.message.conversation === conversation.id);
    if (!said) items = [...items, greeting(session)];
    this.told = conversation?.agent_read ?? 0;
    this.set({
      phase: 'ready',
      conversation,
      items,
      older: page ? (page.next ? 'more' : 'end') : 'failed',
    });
    this.cursor = page?.next ?? null;
    this.connect(conversation);
    for (const act of this.wanted.splice(0)) act();
    this.o.tell('ready');
  }

  private cursor: string | null = null;

  /** A session of the server; a token of the shop that it does not take costs the identity, not the chat. */
  private async open(): Promise<Session> {
    const ask = { channel: this.o.channel, visitor: memory.get(this.o.channel), locale: this.state.locale };
    let session: Session;
    try {
      session = await this.api.session({ ...ask, user_token: this.o.token });
    } catch (fault) {
      if (!(fault instanceof Fault) || !this.o.token || ![400, 401, 403].includes(fault.status)) throw fault;
      session = await this.api.session(ask);
      this.o.token = undefined;
      this.notice(t('error.identity'), true);
      this.o.tell('error', { code: fault.code });
    }
    this.api.token = session.token;
    this.renewAt = new Date(session.expires_at).getTime() - 60_000;
    if (session.visitor) memory.set(this.o.channel, session.visitor);
    this.set({ shop: session.shop, guest: session.contact.guest });
    if (!this.theme) this.o.paint(session.shop.theme || DEFAULT_THEME);
    return session;
  }

  private connect(conversation: Conversation | null): void {
    const life = this.life;
    const url = `${this.o.base.replace(/^http/, 'ws')}/api/v1/live`;
    const sock = (this.sock = new Sock({
      url,
      credentials: async (rejected) => {
        if (rejected || Date.now() > this.renewAt) await this.open();
        return { token: this.api.token };
      },
      onFrame: (frame) => life === this.life && this.hear(frame),
      onState: (link, attempt) => life === this.life && this.linked(link, attempt),
      onGap: (conversation) => void this.reread(conversation, life),
      onRefused: (client_id, error) => this.refused(client_id, error.code, error.text, error.field),
    }));
    if (conversation) {
      const seqs = this.state.items.filter((i) => i.message.conversation === conversation.id).map((i) => i.message.seq);
      sock.seen(conversation.id, Math.max(0, ...seqs), true);
    }
    sock.start();
  }

  /** A number is missing: most often a note of the staff, but only the server knows. */
  private async reread(conversation: string, life: number): Promise<void> {
    const page = await this.api.history(null, PAGE).catch(() => null);
    if (!page || life !== this.life) return;
    const missed = page.items.filter((m) => m.conversation === conversation);
    this.set({ items: missed.reduce(insert, this.state.items) });
  }

  private linked(link: SockState, attempt: number): void {
    this.set({ link, attempt });
    if (link === 'ready') {
      this.forget('lost');
      if (this.state.lost) this.set({ lost: false });
      this.markRead();
    } else if (link !== 'stopped' && !this.timers.has('lost')) {
      this.after('lost', LOST_AFTER_MS, () => this.set({ lost: true, typing: null }));
    }
  }

  // ---- what the server says -------------------------------------------------------------------------------

  private hear(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ready':
        if (frame.conversation) this.turned(frame.conversation);
        return;
      case 'conversation':
        return this.turned(frame.conversation);
      case 'message':
        return this.said(frame.message);
      case 'ack': {
        this.forget(frame.client_id);
        this.unsent.delete(frame.client_id);
        this.files.delete(frame.client_id);
        this.settleForm(frame.client_id, null);
        const items = acknowledge(this.state.items, frame.client_id, frame.conversation, frame.seq, frame.at);
        return this.set({ items });
      }
      case 'read':
        if (frame.reader === 'agent' || frame.reader === 'bot') {
          this.told = Math.max(this.told, frame.seq);
          this.set({});
        }
        return;
      case 'typing':
        if (frame.author === 'buyer') return;
        this.set({ typing: frame.on ? frame.author : null });
        if (frame.on) this.after('typing', TYPING_MS, () => this.set({ typing: null }));
        return;
      case 'error':
        if (frame.code === 'rate_limited') {
          const n = Math.ceil((frame.retry_after_ms ?? 2_000) / 1000);
          this.notice(t('error.rate', { n }), true, n * 1000);
        } else if (!frame.client_id) {
          this.notice(frame.text || t('error'), true);
          this.o.tell('error', { code: frame.code });
        }
        return;
    }
  }

  private said(message: Message): void {
    const live = this.state.link === 'ready';
    const theirs = message.author.kind !== 'buyer' && message.kind !== 'note';
    this.set({ items: insert(this.state.items, message), ...(theirs && { typing: null }) });
    if (message.client_id) this.forget(message.client_id);
    if (!theirs) return;
    if (this.seen()) this.markRead();
    else if (message.author.kind !== 'system' || message.event === 'assigned') {
      this.set({ unread: this.state.unread + 1 });
      this.o.tell('unread', this.state.unread);
    }
    if (!live) return;
    this.o.tell('message', { author: message.author.kind, kind: message.kind, text: message.text });
    if (message.kind === 'rating_request' && this.seen())
      this.after('ask rating', ASK_RATING_MS, () => this.openRating(message.conversation));
    if (message.event === 'assigned') chime();
  }

  private turned(to: Conversation): void {
    const was = this.state.conversation;
    if (was?.id !== to.id) {
      this.told = 0;
      this.readSeq = 0;
    }
    this.told = Math.max(this.told, to.agent_read);
    const change: Partial<State> = { conversation: to };
    if (to.handler !== 'bot') change.calling = false;
    this.set(change);
    if (JSON.stringify(to.queue) !== JSON.stringify(was?.queue ?? null))
      this.o.tell('queue', to.queue && { pos: to.queue.position, etaSec: to.queue.eta_seconds });
    if (to.agent && to.agent.name !== was?.agent?.name) this.o.tell('assigned', { name: to.agent.name });
    if (to.handler === 'closed' && was && was.id === to.id && was.handler !== 'closed') this.o.tell('ended');
  }

  private refused(client_id: string, code: string, text: string, field?: string): void {
    this.forget(client_id);
    if (this.forms.has(client_id)) {
      this.set({ items: this.state.items.filter((i) => i.message.client_id !== client_id) });
      this.unsent.delete(client_id);
      return this.settleForm(client_id, {
        field,
        text: code === 'form_over' ? t('form.over') : field ? '' : t('error'),
      });
    }
    const calling = this.state.calling && this.unsent.get(client_id)?.type !== 'human';
    this.set({ items: deliver(this.state.items, client_id, 'failed', text || t('error')), calling });
    this.o.tell('error', { code });
  }

  // ---- what the buyer does --------------------------------------------------------------------------------

  say = (text: string): void => this.send({ kind: 'text', text }, { text });

  choose = (choice: Choice): void => {
    const toRate = this.toRate();
    if (choice.action === 'rate' && toRate) return this.openRating(toRate);
    if (choice.action === 'human' && !this.state.calling) this.expectPerson();
    this.send({ kind: 'text', text: choice.label, choice }, { text: choice.label });
  };

  /** A question about one order, which goes along unseen. */
  ask = (order: OrderCard, text: string): void => this.send({ kind: 'text', text, order_id: order.order_id }, { text });

  sendOrder = (order: OrderCard): void => {
    this.send({ kind: 'order_card', order_id: order.order_id }, { kind: 'order_card', order });
    this.set({ sheet: null });
  };

  sendProduct = (product: ProductCard): void => {
    this.send({ kind: 'product_card', product_id: product.product_id }, { kind: 'product_card', product });
  };

  // ---- photos and documents

  /** Those whose message is not sent yet: what is to be uploaded, by client_id. */
  private files = new Map<string, Blob>();
  /** Addresses of pictures on this device, by the upload's id: made once, given back with the identity. */
  private pictures = new Map<string, Promise<string>>();

  private forgetFiles(): void {
    this.files.clear();
    for (const item of this.state.items) if (item.preview) URL.revokeObjectURL(item.preview);
    for (const made of this.pictures.values()) void made.then(URL.revokeObjectURL, () => {});
    this.pictures.clear();
  }

  /** Each file becomes a message at once, and is sent when it has arrived. What is no photo and no PDF is not taken. */
  attach = (files: Iterable<File>): void => {
    this.whenReady(() => {
      const [good, bad] = sortFiles([...files]);
      if (bad) this.notice(t(bad), true);
      for (const file of good) this.attachOne(file);
    });
  };

  private attachOne(file: File): void {
    const client_id = newClientId();
    const image = file.type !== PDF;
    const shown: Upload = { id: '', type: file.type, bytes: file.size, width: 0, height: 0 };
    const message = this.draft(client_id, image ? { kind: 'image', image: shown } : { kind: 'file', file: shown });
    const preview = image ? URL.createObjectURL(file) : undefined;
    this.set({ items: [...this.state.items, { ...item(message), delivery: 'sending', preview, part: 0 }] });
    this.files.set(client_id, file);
    this.uploadNext(client_id);
  }

  /** One after the other, so that they arrive in the order in which they were chosen. */
  private uploadNext(client_id: string): void {
    this.set({ items: deliver(this.state.items, client_id, 'sending') });
    this.uploading = this.uploading.then(() => this.upload(client_id));
  }
  private uploading: Promise<void> = Promise.resolve();

  private async upload(client_id: string): Promise<void> {
    const file = this.files.get(client_id);
    const life = this.life;
    if (!file) return;
    const change = (to: Partial<Item>) =>
      this.set({ items: this.state.items.map((i) => (i.message.client_id === client_id ? { ...i, ...to } : i)) });
    change({ delivery: 'sending', why: undefined, part: 0 });
    try {
      const small = await import('./media/shrink.ts').then((m) => m.shrink(file)).catch(() => file);
      const upload = await this.api.upload(small, (part) => life === this.life && change({ part }));
      if (life !== this.life) return;
      const old = this.state.items.find((i) => i.message.client_id === client_id);
      const kind = upload.type === PDF ? 'file' : 'image';
      if (old) change({ message: { ...old.message, kind, [kind]: upload }, part: undefined });
      this.files.delete(client_id);
      this.dispatch({ type: 'send', client_id, kind: 'image', upload: upload.id, context: this.context });
    } catch (fault) {
      if (life !== this.life) return;
      const code = fault instanceof Fault ? fault.code : 'unknown';
      change({ delivery: 'failed', part: undefined, why: t(FILE_FAULTS[code] ?? 'file.failed') });
    }
  }

  /** Where this device can show the picture from. */
  picture = (one: Item): Promise<string> => {
    if (one.preview) return Promise.resolve(one.preview);
    const id = (one.message.image ?? one.message.file)?.id ?? '';
    let made = this.pictures.get(id);
    if (!made) {
      made = this.api.file(id).then((blob) => URL.createObjectURL(blob));
      this.pictures.set(id, made);
      made.catch(() => this.pictures.delete(id));
    }
    return made;
  };

  enlarge = (item: Item): void => this.set({ sheet: 'photo', photo: { item } });

  // ---- forms

  private forms = new Map<string, (refusal: FormRefusal | null) => void>();
  /** What was typed into a form that was put away: forgotten with the page, and never kept. */
  drafts = new Map<string, Record<string, string>>();

  private settleForm(client_id: string, refusal: FormRefusal | null): void {
    const done = this.forms.get(client_id);
    this.forms.delete(client_id);
    done?.(refusal);
  }

  openForm = (form: Form): void => this.set({ sheet: 'form', form });

  /** Sends what was filled in; `answer` is how it is shown. Answers null when it is stored. */
  fill = (form: Form, values: Record<string, string>, answer: FormAnswer): Promise<FormRefusal | null> => {
    if (this.state.link !== 'ready') return Promise.resolve({ text: t('error.offline') });
    const client_id = newClientId();
    const done = new Promise<FormRefusal | null>((settle) => this.forms.set(client_id, settle));
    this.put(
      { type: 'send', client_id, kind: 'form', form: { id: form.id, values }, context: this.context },
      { kind: 'form', form_answer: answer },
    );
    return done.then((refusal) => {
      if (!refusal) this.drafts.delete(form.id);
      return refusal;
    });
  };

  private send(
    frame: {
      kind: 'text' | 'order_card' | 'product_card';
      text?: string;
      order_id?: string;
      product_id?: string;
      choice?: Choice;
    },
    shown: Partial<Message>,
  ): void {
    this.put({ type: 'send', client_id: newClientId(), context: this.context, ...frame }, shown);
    // What was looked at went along with the words: the offer to send it has done its work.
    if (this.state.strip) this.set({ strip: null });
  }

  private put(frame: Sendable, shown: Partial<Message>): void {
    const message = this.draft(frame.client_id, shown);
    this.set({ items: [...this.state.items, { ...item(message), delivery: 'sending' }] });
    this.typed(false);
    this.dispatch(frame);
  }

  private draft(client_id: string, shown: Partial<Message>): Message {
    const { conversation } = this.state;
    return {
      seq: 0,
      kind: 'text',
      author: { kind: 'buyer', name: '' },
      text: '',
      at: new Date().toISOString(),
      client_id,
      conversation: conversation?.handler === 'closed' ? '' : (conversation?.id ?? ''),
      ...shown,
    };
  }

  private dispatch(frame: Sendable): void {
    this.unsent.set(frame.client_id, frame);
    this.sock?.send(frame);
    this.patience(frame.client_id);
  }

  private unsent = new Map<string, Sendable>();

  private patience(client_id: string): void {
    this.after(client_id, UNSENT_AFTER_MS, () => this.set({ items: deliver(this.state.items, client_id, 'failed') }));
  }

  /** The same message with the same client_id: should the first have arrived after all, nothing happens twice. */
  resend = (one: Item): void => {
    const { client_id } = one.message;
    if (client_id && this.files.has(client_id)) return this.uploadNext(client_id);
    const frame = this.unsent.get(client_id ?? '');
    if (!client_id || !frame) return;
    this.set({ items: deliver(this.state.items, client_id, 'sending') });
    this.sock?.send(frame);
    this.patience(client_id);
  };

  human = (): void => {
    if (
      this.state.calling ||
      this.state.conversation?.handler === 'queue' ||
      this.state.conversation?.handler === 'agent'
    )
      return;
    this.expectPerson();
    // The server keeps it as words of the buyer; its own socket is not told them again.
    const frame: Sendable = { type: 'human', client_id: newClientId(), ...(this.group && { group: this.group }) };
    this.put(frame, { text: t('human.text') });
  };

  private expectPerson(): void {
    this.set({ calling: true });
    this.after('calling', UNSENT_AFTER_MS, () => this.set({ calling: false }));
  }

  cancelQueue = (): void => this.now({ type: 'cancel_queue' });
  end = (): void => this.now({ type: 'end' });
  private now(frame: { type: 'cancel_queue' } | { type: 'end' }): void {
    if (!this.sock?.tell(frame)) this.notice(t('error.offline'), true);
  }

  private lastTyped = 0;
  typed = (on: boolean): void => {
    const now = Date.now();
    if (on ? now - this.lastTyped < 3_000 : !this.lastTyped) return;
    this.lastTyped = on ? now : 0;
    if (this.state.conversation?.handler === 'agent') this.sock?.tell({ type: 'typing', on });
    if (on) this.after('typed', 4_000, () => this.typed(false));
  };

  older = async (): Promise<void> => {
    if (this.state.older === 'loading' || this.state.older === 'end' || this.state.phase !== 'ready') return;
    const life = this.life;
    this.set({ older: 'loading' });
    try {
      const page = await this.api.history(this.cursor, PAGE);
      if (life !== this.life) return;
      this.cursor = page.next;
      this.set({ items: prepend(this.state.items, page.items), older: page.next ? 'more' : 'end' });
    } catch {
      if (life === this.life) this.set({ older: 'failed' });
    }
  };

  vote = async (one: Item, helpful: boolean, reason?: string): Promise<void> => {
    const before = this.state.feedback;
    this.set({ feedback: { ...before, [one.key]: helpful ? 'up' : 'down' } });
    try {
      await this.api.feedback(one.message.conversation, { seq: one.message.seq, helpful, ...(reason && { reason }) });
    } catch {
      this.set({ feedback: before });
      this.notice(t('feedback.failed'), true);
    }
  };

  /** The conversation that can be rated now, if there is one. */
  toRate = (): string | null => {
    const { conversation, items } = this.state;
    if (conversation?.rating_open) return conversation.id;
    return rateable(items, Date.now());
  };

  openRating = (conversation: string): void => {
    const { rating } = this.state;
    const given = rating?.conversation === conversation ? rating.given : null;
    this.set({ sheet: 'rating', rating: { conversation, given } });
  };

  rate = async (rating: Rating): Promise<void> => {
    const conversation = this.state.rating?.conversation;
    if (!conversation) return;
    await this.api.rate(conversation, rating);
    const now = this.state.conversation;
    this.set({
      sheet: null,
      rating: { conversation, given: rating },
      ...(now?.id === conversation && { conversation: { ...now, rated: true } }),
    });
    this.o.tell('rated', { stars: rating.stars });
  };

  orders = (q: string) => this.api.orders(q).then((page) => page.items);
  /** Questions for words being typed, on this page; a shop that wants none says so once. */
  suggest = async (q: string): Promise<string[]> => {
    if (this.unsuggested) return [];
    const answer = await this.api.suggest(q, this.context);
    this.unsuggested = answer.off === true;
    return answer.items;
  };
  private unsuggested = false;
  sheet = (sheet: Sheet): void => this.set({ sheet });
  dropStrip = (): void => this.set({ strip: null });
  reconnect = (): void => (this.state.phase === 'failed' ? void this.start() : this.sock?.nudge());

  /** Everything up to the newest message was on a visible screen. */
  markRead = (): void => {
    if (!this.seen()) return;
    if (this.state.unread) {
      this.set({ unread: 0 });
      this.o.tell('unread', 0);
    }
    const { conversation, items } = this.state;
    if (!conversation) return;
    const seq = Math.max(
      0,
      ...items.filter((i) => !i.own && i.message.conversation === conversation.id).map((i) => i.message.seq),
    );
    if (seq > this.readSeq && this.sock?.tell({ type: 'read', conversation: conversation.id, seq })) this.readSeq = seq;
  };

  readTo = (): number => readUpTo(this.state.items, this.state.conversation?.id ?? '', this.told);
  private seen = () => this.state.visible && document.visibilityState !== 'hidden';

  // ---- what the page around us asks -----------------------------------------------------------------------

  show(open: boolean, phone: boolean): void {
    this.set({ visible: open, phone });
    this.markRead();
  }

  identify(token: string): void {
    if (token === this.o.token) return;
    this.o.token = token;
    void this.start();
  }

  logout(): void {
    this.o.token = undefined;
    this.api.token = '';
    memory.clear();
    void this.start();
  }

  setGroup(group: string): void {
    this.group = group;
  }

  setTheme(theme: string): void {
    this.theme = theme;
    this.o.paint(theme);
  }

  async speak(tag: string): Promise<void> {
    this.o.locale = tag;
    const to = localeOf(tag);
    if (to === this.state.locale) return;
    await setLocale(to);
    this.set({ locale: to });
    if (this.state.phase !== 'ready') return;
    const session = await this.open().catch(() => null); // for the shop's own words
    if (session) this.set({ items: this.state.items.map((i) => (i.greeting ? greeting(session) : i)) });
  }

  setContext(raw: Record<string, unknown>): void {
    const before = this.context;
    const [page, product, order] = [raw.page, idOf(raw.product), idOf(raw.order)];
    this.context = { ...(typeof page === 'string' && { page }), ...(product && { product }), ...(order && { order }) };
    if (order && order !== before.order) this.offer({ order: { id: order } });
    else if (product && product !== before.product) this.offer({ product: { id: product } });
    else if (!product && !order) this.set({ strip: null });
  }

  /** Shows what could be sent, with a button; nothing is sent without the buyer. */
  offer(raw: Record<string, unknown>): void {
    this.whenReady(async () => {
      const life = this.life;
      const kind = raw.kind === 'order' || raw.order ? 'order' : 'product';
      const id = idOf(raw[kind] ?? raw);
      if (!id) return;
      try {
        const strip: Strip | undefined =
          kind === 'product'
            ? { kind, card: await this.api.product(id) }
            : (await this.api.orders(id)).items
                .filter((o) => o.order_id === id)
                .map((card) => ({ kind, card }) as Strip)[0];
        if (strip && life === this.life) this.set({ strip });
      } catch {
        // A strip is an offer: where the card is not to be had, there is none.
      }
    });
  }

  write(text: string): void {
    this.set({ prefill: { text, at: Date.now() } });
  }

  callPerson(group?: string): void {
    if (group) this.group = group;
    this.whenReady(this.human);
  }

  private whenReady(act: () => void): void {
    if (this.state.phase === 'ready') act();
    else this.wanted.push(act);
  }

  // ---- small things ---------------------------------------------------------------------------------------

  notice(text: string, alert: boolean, ms = NOTICE_MS): void {
    this.set({ notice: { text, alert } });
    this.after('notice', ms, () => this.set({ notice: null }));
  }

  private after(name: string, ms: number, act: () => void): void {
    this.forget(name);
    this.timers.set(
      name,
      setTimeout(() => (this.timers.delete(name), act()), ms),
    );
  }

  private forget(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}

/** What the screen says first; the buyer's own likely questions stand before everybody's. */
function greeting(session: Session): Item {
  const { greeting: text, name, faq } = session.shop;
  const { guess, order } = session;
  const message: Message = {
    seq: 0,
    kind: 'text',
    author: { kind: 'bot', name },
    text,
    at: new Date().toISOString(),
    conversation: '',
    choices: [...guess, ...(guess.length > 0 ? faq.slice(0, 3) : faq).map((label) => ({ label }))],
    order: order ?? undefined,
  };
  return { key: 'greeting', message, own: false, greeting: true };
}

function idOf(of: unknown): string | undefined {
  if (typeof of === 'string') return of || undefined;
  if (typeof of === 'number') return String(of);
  const o = of as Record<string, unknown> | null | undefined;
  const id = o?.id ?? o?.no ?? o?.order_id ?? o?.product_id;
  return id == null ? undefined : String(id);
}
