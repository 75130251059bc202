/** What could not be sent yet, kept in IndexedDB: it survives a reload and a flat battery. */

/** How a thing in the queue stands. */
export type WaitingState = "waiting" | "conflict" | "refused";

/** One command that waits for the network. */
export interface Waiting {
  /** Names this sending for ever. */
  id: string;
  /** Account that gave it; nobody else's are sent. */
  account: string;
  /** Full name of the service, and name of the method. */
  service: string;
  method: string;
  /** The request as JSON of the contract. */
  input: unknown;
  /** What it does, in the words of the person: 签收 3203…. */
  label: string;
  /** Order that it is about; at most one of a kind waits for it. */
  orderId: string;
  legId: string;
  /** When it was given, ms since 1970. */
  at: number;
  state: WaitingState;
  /** Why it was not taken; empty while it waits. */
  why: string;
}

const NAME = "hotline-outbox";
const STORE = "waiting";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB cannot be opened"));
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const tx = db.transaction(STORE, mode);
      const request = act(tx.objectStore(STORE));
      // Told when it is on the disk, not when it is accepted.
      tx.oncomplete = () => resolve(request.result);
      tx.onabort = () => reject(tx.error ?? new Error("the queue cannot be written"));
    });
  } finally {
    db.close();
  }
}

/** Everything that waits for `account`, oldest first. */
export async function listWaiting(account: string): Promise<Waiting[]> {
  const all = await run("readonly", (store) => store.getAll() as IDBRequest<Waiting[]>);
  return all.filter((one) => one.account === account).sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
}

/** Puts one in, or changes it. */
export async function putWaiting(one: Waiting): Promise<void> {
  await run("readwrite", (store) => store.put(one));
}

/** Takes one out. */
export async function dropWaiting(id: string): Promise<void> {
  await run("readwrite", (store) => store.delete(id));
}
