/** The ways onto a machine: sudo with a password, root, and a runner on the machine itself. */
import assert from 'node:assert/strict'
import { githubNames } from '../../rehearsal/github/index.ts'
import { addresses } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, readyStatus } from './expect.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }

export const accessScenarios: readonly LabScenario[] = [
  inSituation('sudo-password', 'a user whose sudo asks for a password', {}, async (situation) => {
    const { calypso } = situation
    const before = calypso.trees()
    const refused = await situation.press({ user: 'operator', 'sudo-password': 'not the password' })
    expectPress(refused, { exitCode: 1, outputs: { 'failure-code': 'host-sudo' } })
    assert.deepEqual(calypso.trees(), before)
    const press = await situation.press({ user: 'operator', 'sudo-password': calypso.operatorPassword })
    expectPress(press, joined)
    const shown = press.stdout
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n')
    assert.equal(shown.includes(calypso.operatorPassword), false, 'the password is in the log')
    const journal = await calypso.run(['journalctl', '--no-pager', '-o', 'cat'])
    assert.equal(journal.stdout.includes(calypso.operatorPassword), false, 'the password is in the journal of the host')
    return 'a wrong password changes nothing, the right one joins and is in no log'
  }),

  inSituation('root', 'the user is root', {}, async (situation) => {
    expectPress(await situation.press({ user: 'root' }), joined)
    return 'joined without sudo'
  }),

  inSituation('local', 'the runner is on the machine itself', {}, async (situation) => {
    const { calypso } = situation
    // The runner's machine knows GitHub; a machine of the lab knows nobody.
    const names = await calypso.run(['tee', '-a', '/etc/hosts'], {
      input: `${addresses.github} ${githubNames.join(' ')}\n`,
    })
    assert.equal(names.code, 0, names.stderr)
    const press = await situation.press(
      { transport: 'local', 'ssh-private-key': '', 'known-hosts': '' },
      { on: calypso },
    )
    expectPress(press, joined)
    assert.equal(await calypso.connections(), 0)
    assert.equal(readyStatus(await situation.node()), 'True')
    assert.deepEqual(await situation.tokens(), [])
    return 'joined without a single SSH connection'
  }),
]
