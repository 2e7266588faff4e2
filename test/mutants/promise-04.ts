import type { Mutant } from './model.ts'

const living = 'test/bundle/k3s-join-living-cluster.long.test.ts'
const minting = 'test/unit/join-bootstrap-token.test.ts'

/** No server token on a node. */
export const noServerToken: readonly Mutant[] = [
  {
    promise: 4,
    breaks: "the server's own token is accepted",
    file: 'src/k3s/given-token.ts',
    find: '!consent.allowServerToken)',
    replace: 'consent.allowServerToken === undefined)',
    killedBy: {
      file: 'test/bundle/k3s-join-reviewed.long.test.ts',
      name: 'dry run refuses a token that the real run would refuse',
    },
  },
  {
    promise: 4,
    breaks: 'the token stays when the handshake fails',
    file: 'actions/k3s-join/carry-out.ts',
    find: 'tracks.tokenDeleted = await revoked()',
    replace: 'tracks.tokenDeleted = tracks.hostTouched ? await revoked() : false',
    killedBy: {
      file: 'test/bundle/k3s-join-promises.test.ts',
      name: 'nothing changes before the handshake has passed wrong-token ends with code token-refused, cause and remedy, and the host as it was',
    },
  },
  {
    promise: 4,
    breaks: 'the id of the token is recorded after the token was created',
    file: 'src/join/bootstrap-token.ts',
    find: '  await request.record(token.id)\n  await cluster.createBootstrapToken(token, signal)\n',
    replace: '  await cluster.createBootstrapToken(token, signal)\n  await request.record(token.id)\n',
    killedBy: { file: minting, name: 'minting records the id before anything is created' },
  },
  {
    promise: 4,
    breaks: 'tokens of dead runs are left',
    file: 'actions/k3s-join/alone.ts',
    find: 'distribution.sweep(cluster, inputs.desired.node, signal)',
    replace: 'distribution.sweep(cluster, inputs.desired.node.slice(1), signal)',
    killedBy: {
      file: living,
      name: 'interrupted runs converge kill -9 before post could run: the next press sweeps the token of the dead run',
    },
  },
  {
    promise: 4,
    breaks: 'post forgets the token of a killed main',
    file: 'actions/k3s-join/post.ts',
    find: 'await deleteToken(await opened(record, signal), record.tokenId, signal)',
    replace: "await deleteToken(await opened(record, signal), record.context || 'zzzzzz', signal)",
    killedBy: {
      file: 'test/bundle/k3s-join-secrets.test.ts',
      name: 'post deletes the token of a main that could not, and does it again without complaint',
    },
  },
  {
    promise: 4,
    breaks: 'a token lives a hundred times as long',
    file: 'src/join/bootstrap-token.ts',
    find: 'request.now + request.ttlMs',
    replace: 'request.now + 100 * request.ttlMs',
    killedBy: {
      file: minting,
      name: 'minting makes a token that lives minutes by the server’s clock, marked with node and run',
    },
  },
  {
    promise: 4,
    breaks: 'the server token of a node that was joined by hand stays in a backup',
    file: 'actions/k3s-join/carry-out.ts',
    find: 'if (needsSettling) await settle(join, planned)',
    replace: 'if (needsSettling && waits) await settle(join, planned)',
    killedBy: {
      file: 'test/bundle/k3s-join-reviewed.long.test.ts',
      name: 'adoption leaves the server token nowhere on the host, not even in a backup',
    },
  },
]
