import type { Mutant } from './model.ts'

const promises = 'test/bundle/k3s-join-promises.test.ts'

/** Nothing changes on the host before the handshake has passed. */
export const handshakeFirst: readonly Mutant[] = [
  {
    promise: 1,
    breaks: 'the handshake comes after the changes of the host',
    file: 'actions/k3s-join/carry-out.ts',
    find: `      await handshake(join, planned, credential)
      await replaceNode(join, planned)
      tracks.hostTouched = true
      await prepareMachine(join, planned)
      needsSettling = await applyHostChanges(join, planned, prepared, credential)
`,
    replace: `      await replaceNode(join, planned)
      tracks.hostTouched = true
      await prepareMachine(join, planned)
      needsSettling = await applyHostChanges(join, planned, prepared, credential)
      await handshake(join, planned, credential)
`,
    killedBy: {
      file: promises,
      name: 'nothing changes before the handshake has passed wrong-ca-hash ends with code ca-mismatch, cause and remedy, and the host as it was',
    },
  },
  {
    promise: 1,
    breaks: 'a failed handshake is ignored',
    file: 'actions/k3s-join/changes.ts',
    find: 'if (!result.passed) {',
    replace: 'if (!result.passed && inputs.dryRun) {',
    killedBy: {
      file: promises,
      name: 'nothing changes before the handshake has passed api-blocked ends with code api-unreachable, cause and remedy, and the host as it was',
    },
  },
  {
    promise: 1,
    breaks: 'any certificate authority will do',
    file: 'src/k3s/handshake.ts',
    find: 'isKnown = isSameAuthority(served, caPem)',
    replace: 'isKnown = isSameAuthority(served, served)',
    killedBy: {
      file: 'test/protocol/k3s-handshake.test.ts',
      name: 'the handshake shows the token to nobody but the cluster: another authority behind the address ends it',
    },
  },
  {
    promise: 1,
    breaks: 'one API server that can be reached is enough',
    file: 'src/join/handshake/questions.ts',
    find: 'answers.every(Boolean)',
    replace: 'answers.some(Boolean)',
    killedBy: {
      file: 'test/protocol/k3s-handshake.test.ts',
      name: 'the handshake finds the one API server that the host will not reach after the join',
    },
  },
  {
    promise: 1,
    breaks: 'the name of a live machine is taken over',
    file: 'src/join/plan.ts',
    find: '...(isNameBlocked ? [name] : []),',
    replace: '...(isNameBlocked && failing.length > 9 ? [name] : []),',
    killedBy: {
      file: 'test/unit/join-plan.test.ts',
      name: 'names never replaces a live node, whatever was typed or ignored',
    },
  },
  {
    promise: 1,
    breaks: 'a dry run goes on to the changes',
    file: 'actions/k3s-join/main.ts',
    find: '  if (inputs.dryRun) {',
    replace: '  if (inputs.dryRun && planned.plan.blockers.length > 0) {',
    killedBy: {
      file: promises,
      name: 'a first join shows a dry run that changes nothing, neither on the host nor in the cluster',
    },
  },
]
