/** What stands around a join: an inference server, and the rehearsal itself on a real machine. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { hostFolder } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { startTriton } from '../triton/index.ts'
import { inSituation, Skipped, scenario } from './expect.ts'

export const aroundScenarios: readonly LabScenario[] = [
  {
    ...scenario('triton', 'a real Triton answers an inference request', async (lab) => {
      const { triton } = lab.parts
      if ('missing' in triton) throw new Skipped(triton.missing)
      const server = await startTriton(triton, join(lab.directory, 'triton'))
      try {
        const vector = (name: string, data: readonly number[]) => ({
          name,
          shape: [data.length],
          datatype: 'FP32',
          data,
        })
        const answer = await fetch(`${server.url}/v2/models/${server.model}/infer`, {
          method: 'POST',
          body: JSON.stringify({ inputs: [vector('A', [1, 2.5]), vector('B', [3, 4])] }),
        })
        assert.equal(answer.status, 200)
        const { outputs } = (await answer.json()) as { outputs: unknown }
        assert.deepEqual(outputs, [vector('SUM', [4, 6.5])])
      } finally {
        await server.close()
      }
      return 'ready, and it adds'
    }),
    needs: ['triton'],
  },

  inSituation(
    'rehearsal-as-root',
    'the rehearsal runs as root on a real machine and changes nothing outside its folder',
    { hasGpu: false },
    async ({ calypso }) => {
      const folder = '/home/rehearsal'
      const copied = await calypso.run([
        'sh',
        '-c',
        `mkdir ${folder} && cd ${hostFolder}/source && tar -c --exclude=./.git --exclude=./node_modules --exclude=./.rehearsal . | tar -x -C ${folder} && ln -s ${hostFolder}/source/node_modules ${folder}/node_modules`,
      ])
      assert.equal(copied.code, 0, copied.stderr)
      const before = calypso.everything([folder])
      const rehearsed = await calypso.run(
        [`${hostFolder}/node`, '--disable-warning=ExperimentalWarning', `${folder}/rehearsal/main.ts`],
        {
          environment: { HOME: '/root' },
        },
      )
      assert.equal(rehearsed.code, 0, `${rehearsed.stdout}\n${rehearsed.stderr}`)
      assert.match(rehearsed.stdout, /✓ As expected: calypso joins oceanid for the first time/)
      const after = calypso.everything([folder])
      const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (path) => before[path] !== after[path],
      )
      assert.deepEqual(changed, [])
      const units = await calypso.run(['systemctl', 'list-unit-files', '--no-legend', 'k3s*'])
      assert.equal(units.stdout.trim(), '')
      return `${Object.keys(after).length} files of the machine are what they were`
    },
  ),
]
