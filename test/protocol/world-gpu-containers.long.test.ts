import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually, type Machine, startMachine } from './world-gpu-machine.ts'
import { Connection, escapes } from './world-host-client.ts'

let machine: Machine | undefined
afterEach(async () => {
  await machine?.close()
  machine = undefined
  expect(escapes()).toEqual([])
})

const template =
  '{{ index .status.labels "io.kubernetes.pod.namespace" }}/{{ index .status.labels "io.kubernetes.pod.name" }}/{{ .status.metadata.name }}'

function pod(name: string, changes: object) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: randomUUID(), creationTimestamp: '2025-09-01T00:00:00Z' },
    spec: { nodeName: 'calypso', containers: [{ name: 'main', image: 'registry.test/main:1', ...changes }] },
    status: { phase: 'Pending' },
  }
}

describe('a container of a node', () => {
  it('can be called through crictl with the GPU that NVIDIA’s runtime gave it, until its pod is gone', async () => {
    machine = await startMachine()
    const { cluster, calypso } = machine
    const env = [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' }]
    const worker = pod('worker', { env })
    cluster.objects.put('pods/default/worker', { ...worker, spec: { ...worker.spec, runtimeClassName: 'nvidia' } })
    cluster.objects.put('pods/default/plain', pod('plain', { env }))
    const table = join(calypso.root, '../state/containers')
    await eventually('two containers', () => {
      const rows = readFileSync(table, 'utf8').trim().split('\n')
      return rows.length === 2 ? rows : undefined
    })
    const connection = await Connection.open(calypso)
    try {
      const ids = (await connection.run('sudo k3s crictl ps -q')).stdout.trim().split('\n')
      const call = async (id: string) => ({
        name: (
          await connection.run(`sudo k3s crictl inspect --output go-template --template '${template}' ${id}`)
        ).stdout.trim(),
        ...(await connection.run(`sudo k3s crictl exec ${id} nvidia-smi -L`)),
      })
      const calls = await Promise.all(ids.map(call))
      const byName = new Map(calls.map((one) => [one.name, one]))
      expect(byName.get('default/worker/main')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^GPU 0: NVIDIA/),
      })
      expect(byName.get('default/plain/main')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('executable file not found in $PATH'),
      })
      const worked = ids[calls.findIndex(({ name }) => name === 'default/worker/main')] as string
      writeFileSync(join(calypso.root, '../state/gpu/lost-in-containers'), 'yes\n')
      expect(await connection.run(`sudo k3s crictl exec ${worked} nvidia-smi -L`)).toMatchObject({
        code: 1,
        stdout: 'Failed to initialize NVML: Unknown Error\n',
        stderr: expect.stringContaining('command terminated with exit code 255'),
      })
      const processes = 'nvidia-smi --query-compute-apps=process_name --format=csv,noheader'
      expect((await connection.run(processes)).stdout).toBe('tritonserver\nmain\n')
      cluster.objects.delete('pods/default/worker')
      await eventually('one container', () => (readFileSync(table, 'utf8').includes('worker') ? undefined : true))
      expect((await connection.run(processes)).stdout).toBe('tritonserver\n')
      expect((await connection.run(`sudo k3s crictl exec ${worked} nvidia-smi -L`)).stderr).toContain('not found')
    } finally {
      await connection.close()
    }
  })
})
