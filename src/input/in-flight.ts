/**
 * How many bytes of callers' bodies this isolate holds at once, and how many requests.
 *
 * Requests share the isolate's memory, so each is counted as its bytes arrive, and one that no longer fits is
 * refused. Nothing is reserved for what a caller only declares: that would let a few idle connections shut
 * everybody else out. A request that waits has taken memory beside its bytes, so requests are counted too.
 */

/** Of one isolate, for HTTP and RPC together. */
export interface InFlight {
  readonly limitBytes: number;
  readonly limitRequests: number;
  /** Requests open at the moment. */
  requests(): number;
  /** Whether as many requests are open as may be. To be asked before `open`. */
  isFull(): boolean;
  /** Bytes held at the moment, by all requests together. */
  bytes(): number;
  /** Opens the account of one request. The code that opens it must release it, also after a failure. */
  open(): Hold;
}

/** The account of one request. */
export interface Hold {
  readonly limitBytes: number;
  /** All bytes that were ever taken. */
  arrived(): number;
  /** Whether so many more would fit now. */
  fits(bytes: number): boolean;
  /** Counts bytes that have arrived. @returns false, and counts nothing, where they do not fit. */
  take(bytes: number): boolean;
  /** Counts bytes that did not arrive, and are made of those that did. @returns as `take`. */
  borrow(bytes: number): boolean;
  /** Gives back bytes that are no longer needed, while the request continues. */
  give(bytes: number): void;
  /** Asks for one more release, for work that outlives the handler. */
  retain(): void;
  /** Gives everything back, at the last release. */
  release(): void;
}

/** One file's part of a request's account. */
export interface Part extends Hold {
  /** Bytes that it holds now. */
  held(): number;
}

/**
 * Opens a part of a request's account, which is released on its own. After that it takes nothing more.
 *
 * @param mayTake whether it may have so many more bytes, where the account itself has room for them.
 */
export function partOf(hold: Hold, mayTake: (bytes: number) => boolean): Part {
  let [held, arrived, released] = [0, 0, false];
  return {
    limitBytes: hold.limitBytes,
    held: () => held,
    arrived: () => arrived,
    fits: (more) => !released && mayTake(more) && hold.fits(more),
    take(more) {
      if (released || !mayTake(more) || !hold.take(more)) return false;
      held += more;
      arrived += more;
      return true;
    },
    give(fewer) {
      const given = Math.min(held, fewer);
      held -= given;
      hold.give(given);
    },
    borrow(more) {
      if (released || !mayTake(more) || !hold.borrow(more)) return false;
      held += more;
      return true;
    },
    retain: hold.retain,
    release() {
      released = true;
      hold.give(held);
      held = 0;
    },
  };
}

interface Account {
  bytes: number;
  arrived: number;
  owners: number;
  /** As `Date.now()`, which stands still during CPU work: only what waits grows old. */
  touched: number;
}

/**
 * @param limitBytes what all requests together may hold.
 * @param limitRequests how many may be open at once.
 * @param staleMilliseconds a request that neither took nor gave anything for so long is taken for dead. The
 * platform may end one without letting its code run on, and neither it nor its bytes must count for ever.
 */
export function createInFlight(
  limitBytes: number,
  staleMilliseconds: number,
  limitRequests = Number.POSITIVE_INFINITY,
): InFlight {
  const accounts = new Set<Account>();

  function bytes(): number {
    let sum = 0;
    for (const account of accounts) sum += account.bytes;
    return sum;
  }

  function fits(more: number): boolean {
    if (bytes() + more <= limitBytes) return true;
    dropStale();
    return bytes() + more <= limitBytes;
  }

  function dropStale(): void {
    const oldest = Date.now() - staleMilliseconds;
    for (const account of accounts) if (account.touched < oldest) accounts.delete(account);
  }

  function isFull(): boolean {
    if (accounts.size < limitRequests) return false;
    dropStale();
    return accounts.size >= limitRequests;
  }

  function open(): Hold {
    const account: Account = { bytes: 0, arrived: 0, owners: 1, touched: Date.now() };
    accounts.add(account);

    function borrow(more: number): boolean {
      if (!fits(more)) return false;
      // One that was taken for dead and lives after all counts again.
      if (account.owners > 0) accounts.add(account);
      account.bytes += more;
      account.touched = Date.now();
      return true;
    }

    return {
      limitBytes,
      arrived: () => account.arrived,
      fits,
      borrow,
      take(more) {
        if (!borrow(more)) return false;
        account.arrived += more;
        return true;
      },
      give(fewer) {
        account.bytes = Math.max(0, account.bytes - fewer);
        account.touched = Date.now();
      },
      retain() {
        account.owners++;
      },
      release() {
        if (--account.owners === 0) accounts.delete(account);
      },
    };
  }

  return { limitBytes, limitRequests, bytes, requests: () => accounts.size, isFull, open };
}
