// SPDX-License-Identifier: Apache-2.0
//
// A small shop that takes the chat in exactly as a merchant would: the snippet, boot with the buyer's signed
// token, and setContext when the buyer looks at something. It uses only the public calls of cs.js, and the three
// /demo routes that stand for the merchant's own server. Not part of the product; nothing depends on it.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { OrderCard, ProductCard } from '@xiaoer/protocol';
import { palette } from '@xiaoer/shared/a11y';
import { money } from '@xiaoer/shared/money';
import { Picture } from './Picture.tsx';
import { wordsOf, type Words } from './words.ts';
import './shop.css';

interface Buyer {
  id: string;
  name: string;
  orders: number;
}
interface Shop {
  shop: { id: string; name: string; language: string; theme: string };
  products: ProductCard[];
  buyers: Buyer[];
}
type CsCall = ((...args: unknown[]) => void) & { q?: IArguments[] };
declare global {
  interface Window {
    CS: CsCall;
  }
}

const asked = new URLSearchParams(location.search);
const shopId = asked.get('shop') ?? '';
const locale = asked.get('locale');

async function get<T>(path: string, query: Record<string, string>): Promise<T> {
  const answer = await fetch(`/demo/${path}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json() as Promise<T>;
}

/** The snippet of the handbook: calls before cs.js has arrived are kept and run later. */
function snippet(src: string): void {
  if (typeof window.CS === 'function') return;
  const early: CsCall = function () {
    // eslint-disable-next-line prefer-rest-params
    (early.q ??= []).push(arguments);
  };
  window.CS = early;
  const script = document.createElement('script');
  script.async = true;
  script.src = src;
  document.head.append(script);
}

const memory = `demo:buyer:${shopId}`;
type View = { name: 'grid' } | { name: 'product'; product: ProductCard } | { name: 'orders' };

function App() {
  const [data, setData] = useState<Shop | 'loading' | 'failed'>('loading');
  const load = () => {
    setData('loading');
    get<Shop>('shop', { shop: shopId }).then(setData, () => setData('failed'));
  };
  useEffect(load, []);
  const words = wordsOf(locale ?? (typeof data === 'object' ? data.shop.language : navigator.language));
  if (data === 'loading') return <main class="page" aria-busy="true" />;
  if (data === 'failed')
    return (
      <main class="page sorry" role="alert">
        <h1>{words.failed}</h1>
        <p>{words.failedText}</p>
        <button type="button" class="main" onClick={load}>
          {words.retry}
        </button>
      </main>
    );
  return <Front data={data} words={words} />;
}

function Front({ data, words }: { data: Shop; words: Words }) {
  const { shop, products, buyers } = data;
  const language = locale ?? shop.language;
  const [view, setView] = useState<View>({ name: 'grid' });
  const [buyer, setBuyer] = useState(
    () => buyers.find((b) => b.id === (asked.get('buyer') ?? localStorage.getItem(memory))) ?? null,
  );
  const [booted, setBooted] = useState(false);

  useEffect(() => {
    document.title = shop.name;
    document.documentElement.lang = language;
    const p = palette(shop.theme);
    for (const [name, colour] of [
      ['brand', p.brand],
      ['on-brand', p.onBrand],
      ['brand-text', p.brandText],
      ['tint', p.tint],
    ] as const)
      document.documentElement.style.setProperty(`--${name}`, colour);
    snippet('/widget/cs.js');
  }, [shop, language]);

  // Who is signed in: at first by boot, later by identify and logout, as a merchant's page would.
  useEffect(() => {
    let current = true;
    const token = buyer
      ? get<{ token: string }>('token', { shop: shop.id, buyer: buyer.id }).then((t) => t.token)
      : Promise.resolve(undefined);
    token.then(
      (token) => {
        if (!current) return;
        if (!booted) {
          window.CS('boot', { channel: shop.id, locale: language, theme: shop.theme, user: { token } });
          setBooted(true);
        } else if (token) window.CS('identify', { token });
        else window.CS('logout');
      },
      () => console.warn('no token for this buyer'),
    );
    return () => {
      current = false;
    };
  }, [buyer?.id]); // eslint-disable-line react-hooks/exhaustive-deps -- a new buyer, nothing else

  const go = (to: View) => {
    setView(to);
    scrollTo(0, 0);
    window.CS('setContext', {
      product: to.name === 'product' ? { id: to.product.product_id } : undefined,
      order: undefined,
    });
  };
  const signIn = (id: string) => {
    const to = buyers.find((b) => b.id === id) ?? null;
    if (to) localStorage.setItem(memory, to.id);
    else localStorage.removeItem(memory);
    setBuyer(to);
  };
  const askOrder = (order: OrderCard) => {
    window.CS('setContext', { product: undefined, order: { no: order.order_id } });
    window.CS('sendCard', { kind: 'order', id: order.order_id }); // asked again, it is offered again
    window.CS('open');
  };

  return (
    <>
      <header class="bar">
        <div class="wide">
          <button type="button" class="logo" onClick={() => go({ name: 'grid' })}>
            <span aria-hidden="true">{[...shop.name][0]}</span>
            <b>{shop.name}</b>
          </button>
          <nav aria-label={words.home}>
            <button
              type="button"
              aria-current={view.name !== 'orders' ? 'page' : undefined}
              onClick={() => go({ name: 'grid' })}
            >
              {words.home}
            </button>
            <button
              type="button"
              aria-current={view.name === 'orders' ? 'page' : undefined}
              onClick={() => go({ name: 'orders' })}
            >
              {words.orders}
            </button>
          </nav>
          <label class="who">
            <span>{words.signIn}</span>
            <select value={buyer?.id ?? ''} onChange={(e) => signIn(e.currentTarget.value)}>
              <option value="">{words.guest}</option>
              {buyers.map((b) => (
                <option key={b.id} value={b.id}>
                  {b.name} · {b.orders} {words.count}
                </option>
              ))}
            </select>
          </label>
        </div>
      </header>
      <main class="page">
        {view.name === 'grid' && (
          <Grid
            products={products}
            language={language}
            words={words}
            onOpen={(product) => go({ name: 'product', product })}
          />
        )}
        {view.name === 'product' && (
          <Detail product={view.product} language={language} words={words} onBack={() => go({ name: 'grid' })} />
        )}
        {view.name === 'orders' && (
          <Orders shop={shop.id} buyer={buyer} language={language} words={words} onAsk={askOrder} />
        )}
      </main>
      <footer class="foot">{words.note}</footer>
    </>
  );
}

function Grid({
  products,
  language,
  words,
  onOpen,
}: {
  products: ProductCard[];
  language: string;
  words: Words;
  onOpen: (p: ProductCard) => void;
}) {
  return (
    <>
      <section class="hero">
        <div>
          <h1>{words.hero}</h1>
          <p>{words.heroText}</p>
          <button type="button" class="main" onClick={() => window.CS('open')}>
            {words.ask}
          </button>
        </div>
        <svg viewBox="0 0 480 240" aria-hidden="true">
          <circle cx="350" cy="70" r="30" fill="#fff" opacity="0.7" />
          <path d="M0 240 120 96l66 84 70-110 110 140 44-52 70 82Z" fill="currentColor" opacity="0.16" />
          <path d="M40 240 170 150l54 44 84-84 172 130Z" fill="currentColor" opacity="0.3" />
        </svg>
      </section>
      <ul class="promises">
        {words.promise.map((p) => (
          <li key={p}>{p}</li>
        ))}
      </ul>
      <h2 class="title">{words.all}</h2>
      <ul class="grid">
        {products.map((p) => (
          <li key={p.product_id}>
            <button type="button" class="product" onClick={() => onOpen(p)}>
              <Picture id={p.product_id} title={`${p.title} ${p.category}`} />
              <span class="name">{p.title}</span>
              <span class="line">
                <b class="price">{money(p.price_cents, p.currency, language)}</b>
                <small>{p.in_stock ? p.category : words.outOfStock}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Detail({
  product,
  language,
  words,
  onBack,
}: {
  product: ProductCard;
  language: string;
  words: Words;
  onBack: () => void;
}) {
  return (
    <>
      <button type="button" class="back" onClick={onBack}>
        ← {words.back}
      </button>
      <article class="detail">
        <Picture id={product.product_id} title={`${product.title} ${product.category}`} />
        <div>
          <small class="category">{product.category}</small>
          <h1>{product.title}</h1>
          <p class="big price">{money(product.price_cents, product.currency, language)}</p>
          <p class={product.in_stock ? 'stock' : 'stock out'}>{product.in_stock ? words.inStock : words.outOfStock}</p>
          <div class="actions">
            <button type="button" class="main" onClick={() => window.CS('open')}>
              {words.askProduct}
            </button>
          </div>
          <h2>{words.about}</h2>
          <p class="about">{words.aboutText}</p>
        </div>
      </article>
    </>
  );
}

function Orders({
  shop,
  buyer,
  language,
  words,
  onAsk,
}: {
  shop: string;
  buyer: Buyer | null;
  language: string;
  words: Words;
  onAsk: (o: OrderCard) => void;
}) {
  const [orders, setOrders] = useState<OrderCard[] | null>(null);
  useEffect(() => {
    setOrders(null);
    if (!buyer) return;
    let current = true;
    get<{ items: OrderCard[] }>('orders', { shop, buyer: buyer.id }).then(
      (page) => current && setOrders(page.items),
      () => current && setOrders([]),
    );
    return () => {
      current = false;
    };
  }, [shop, buyer?.id]); // eslint-disable-line react-hooks/exhaustive-deps -- by id
  return (
    <>
      <h1 class="title">{words.orders}</h1>
      {!buyer && <p class="empty">{words.needBuyer}</p>}
      {buyer && orders?.length === 0 && <p class="empty">{words.noOrders}</p>}
      <ul class="orders">
        {orders?.map((o) => (
          <li key={o.order_id} class="order">
            <header>
              <span>{o.order_id}</span>
              <b>{o.status_text}</b>
            </header>
            {o.items.map((i) => (
              <div key={i.product + i.sku_text} class="item">
                <span class="small-picture">
                  <Picture id={i.product} title={i.title} />
                </span>
                <span class="grow">
                  {i.title}
                  <small>
                    {i.sku_text} ×{i.quantity}
                  </small>
                </span>
                <span>{money(i.paid_cents, o.currency, language)}</span>
              </div>
            ))}
            {o.trace && <p class="trace">{[o.trace.place, o.trace.text].filter(Boolean).join(' · ')}</p>}
            <footer>
              <span>
                {words.paid} <b class="price">{money(o.total_cents, o.currency, language)}</b>
              </span>
              <button type="button" onClick={() => onAsk(o)}>
                {words.askOrder}
              </button>
            </footer>
          </li>
        ))}
      </ul>
    </>
  );
}

render(<App />, document.getElementById('shop')!);
