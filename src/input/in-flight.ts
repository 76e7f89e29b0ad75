/**
 * Counts the bytes of callers' bodies that this isolate holds at once, and its open requests.
 *
 * Requests share the isolate's memory, so bytes are counted as they arrive, and a request that no longer fits is
 * refused. Nothing is reserved for what a caller only declares: otherwise a few idle connections could lock everybody
 * else out. A waiting request takes more memory than its bytes, so requests are counted too.
 */

/** One per isolate, for HTTP and RPC together. */
export interface InFlight {
  readonly limitBytes: number;
  readonly limitRequests: number;
  /** Requests open at the moment. */
  requests(): number;
  /** Whether the limit of open requests is reached. To be checked before `open`. */
  isFull(): boolean;
  /** Bytes held at the moment by all requests together. */
  bytes(): number;
  /** Opens the account of one request. The code that opens it must release it, also after a failure. */
  open(): Hold;
}

/** The account of one request. */
export interface Hold {
  readonly limitBytes: number;
  /** All bytes that were ever counted. */
  arrived(): number;
  /** Whether this many more bytes would fit now. */
  fits(bytes: number): boolean;
  /** Counts bytes that have arrived. @returns false, and counts nothing, if they do not fit. */
  take(bytes: number): boolean;
  /** Counts bytes that did not arrive but were derived from those that did. @returns as `take`. */
  borrow(bytes: number): boolean;
  /** Returns bytes that are no longer needed, while the request continues. */
  give(bytes: number): void;
  /** Requires one more release, for work that outlives the handler. */
  retain(): void;
  /** Returns everything, at the last release. */
  release(): void;
}

/** The part of a request's account that belongs to one file. */
export interface Part extends Hold {
  /** Bytes that it holds now. */
  held(): number;
}

/**
 * Opens a part of a request's account, which is released separately. After that it counts nothing more.
 *
 * @param mayTake whether it may hold this many more bytes, if the account itself has room for them.
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
  /** As `Date.now()`, which stands still during CPU work: only waiting requests age. */
  touched: number;
}

/**
 * @param limitBytes the most that all requests together may hold.
 * @param limitRequests the most that may be open at once.
 * @param staleMilliseconds a request that neither took nor returned anything for this long counts as dead. The platform
 *   may end one without running its code again, and then neither it nor its bytes may count for ever.
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
      // A request that was taken for dead but continues counts again.
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
