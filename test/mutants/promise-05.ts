import type { Mutant } from './model.ts'

/** No host key, no connection. */
export const hostKey: readonly Mutant[] = [
  {
    promise: 5,
    breaks: 'a wrong host key is accepted',
    file: 'src/host/known-hosts.ts',
    find: "pins.keys.some((pin) => pin.key === encoded) || pins.fingerprints.includes(fingerprint(key))) return 'accepted'",
    replace: "pins.keys.length + pins.fingerprints.length > 0) return 'accepted'",
    killedBy: {
      file: 'test/bundle/k3s-join-promises.test.ts',
      name: 'nothing changes before the handshake has passed wrong-host-key ends with code host-key-mismatch, cause and remedy, and the host as it was',
    },
  },
  {
    promise: 5,
    breaks: 'without a pin any host key is accepted',
    file: 'src/host/known-hosts.ts',
    find: "? 'unknown' : 'mismatch'",
    replace: "? 'accepted' : 'mismatch'",
    killedBy: {
      file: 'test/protocol/host-connection.test.ts',
      name: 'the host key that nobody pinned is shown with the way to compare it, and nobody logs in',
    },
  },
  {
    promise: 5,
    breaks: 'a revoked host key is accepted',
    file: 'src/host/known-hosts.ts',
    find: "  if (pins.revoked.includes(encoded)) return 'revoked'\n",
    replace: '',
    killedBy: {
      file: 'test/protocol/host-connection.test.ts',
      name: 'the host key that is revoked is refused, although a fingerprint allows it',
    },
  },
]
