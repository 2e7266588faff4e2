/** What stands around a join: a tunnel, an inference server, and the rehearsal itself on a real machine. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { addresses, hostFolder } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { startTriton } from '../triton/index.ts'
import { inSituation, Skipped, scenario, until } from './expect.ts'

const tunnelPort = 16443

async function readyz(caPem: string, token: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: tunnelPort,
        path: '/readyz',
        ca: caPem,
        // The certificate names the address behind the tunnel and the loopback address; both are asked for.
        headers: { Authorization: `Bearer ${token}` },
        timeout: 5000,
      },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

export const aroundScenarios: readonly LabScenario[] = [
  inSituation(
    'tunnel',
    'the API server through an OpenSSH tunnel over calypso',
    { hasGpu: false },
    async (situation) => {
      const { calypso, cluster, folder } = situation
      const [key, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')]
      writeFileSync(key, calypso.clientPrivateKey, { mode: 0o600 })
      writeFileSync(knownHosts, calypso.knownHosts)
      const token = /token: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? ''
      const forward = `127.0.0.1:${tunnelPort}:${addresses.server}:6443`
      const options = [
        'StrictHostKeyChecking=yes',
        `UserKnownHostsFile=${knownHosts}`,
        'ExitOnForwardFailure=yes',
        'BatchMode=yes',
      ]
      const tunnel = spawn(
        'ssh',
        [
          '-F',
          'none',
          '-N',
          '-i',
          key,
          ...options.flatMap((option) => ['-o', option]),
          '-L',
          forward,
          `oceanid@${calypso.address}`,
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      )
      let said = ''
      tunnel.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      try {
        const status = await until('the tunnel to answer', 10_000, async () => {
          if (tunnel.exitCode !== null) throw new Error(`ssh ended with ${tunnel.exitCode}: ${said}`)
          return await readyz(cluster.caPem, token).catch(() => undefined)
        })
        assert.equal(status, 200)
      } finally {
        tunnel.kill('SIGTERM')
        if (tunnel.exitCode === null && tunnel.signalCode === null) await once(tunnel, 'exit')
      }
      return 'readyz answered 200 through sshd of calypso, with the certificate checked'
    },
  ),

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
