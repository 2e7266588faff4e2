/** The promises of deploy-stack in short, through its committed bundle. All its commands are in deploy-stack-commands. */
import { describe, expect, it } from '@jest/globals'
import { deployDoors, outputNames, stackReference } from './deploy-stack-door.ts'

const opened = deployDoors()
const limitMs = 60_000

describe('deploy-stack', () => {
  it(
    'refuses what is not merged, deploys what is, leaves no lock and nothing on the runner, and changes nothing the second time',
    async () => {
      const door = await opened()
      const before = JSON.stringify(door.deploy.reality())
      const refused = await door.press('up', { machine: { GITHUB_REF: 'refs/heads/topic' } })
      expect(refused).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'deploy-refused' } })
      expect([JSON.stringify(door.deploy.reality()), door.deploy.calls]).toEqual([before, []])

      const up = await door.press('up')
      expect(up).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'deployed',
          changed: 'true',
          'failure-code': '',
          url: `https://app.pulumi.com/${stackReference}/updates/1`,
        },
      })
      expect(Object.keys(up.outputs).sort()).toEqual(outputNames)
      expect(JSON.parse(up.outputs.changes ?? '')).toEqual({ create: 1, update: 1, same: 2 })
      expect((await door.post(up, 'up')).exitCode).toBe(0)
      expect([door.holder(), door.leftovers()]).toEqual(['', []])

      const again = await door.press('up')
      expect(again).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', changed: 'false' } })
      await door.post(again, 'up')
    },
    limitMs,
  )
})
