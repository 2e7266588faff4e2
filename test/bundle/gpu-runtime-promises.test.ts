/** The promises of gpu-runtime, through its committed bundle: inputs in; outputs, files, host, cluster and exit code out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { doors, mutations } from './door.ts'
import {
  counted,
  hostTree,
  k3sOf,
  nodeOf,
  objectsOf,
  pluginKey,
  presentLabel,
  requestsOf,
  writes,
} from './gpu-runtime-door.ts'

const opened = doors()
const limitMs = 240_000

describe('calypso, which has joined', () => {
  it(
    'is only looked at by a dry run, offers its GPU after a press, and has nothing to do for a second',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { world, press } = door
      const treeBefore = hostTree(door)
      const objectsBefore = objectsOf(door)
      const nodeBefore = nodeOf(door)
      const k3sBefore = k3sOf(door)

      const dry = await counted(door, () => press({ 'dry-run': 'true' }))
      expect(dry.value).toMatchObject({
        exitCode: 0,
        outputs: { result: 'planned', changed: 'false', restarted: 'false', 'restart-reason': '', 'gpu-count': '1' },
      })
      const planned = JSON.parse(dry.value.outputs.plan ?? '[]') as { id: string }[]
      expect(planned.map(({ id }) => id)).toEqual(['label-node', 'apply-device-plugin', 'record-gpu'])
      expect(dry.value.stdout).toMatch(/calypso: 3 changes planned, nothing was changed \(dry run\)/)
      expect([writes(dry.requests), hostTree(door), objectsOf(door), nodeOf(door)]).toEqual([
        [],
        treeBefore,
        objectsBefore,
        nodeBefore,
      ])

      const first = await press()
      expect(first).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'prepared',
          changed: 'true',
          restarted: 'false',
          'restart-reason': '',
          'gpu-count': '1',
          'gpu-products': '["NVIDIA GeForce RTX 4090"]',
          'driver-version': '575.51.03',
          'toolkit-version': '1.17.8-1',
          allocatable: '{"nvidia.com/gpu":"1"}',
          'node-name': 'calypso',
          'failure-code': '',
          evidence: '',
        },
      })
      // Every output that action.yml names, and no other.
      const action = parse(readFileSync(join(repositoryRoot, 'actions/gpu-runtime/action.yml'), 'utf8')) as {
        outputs: object
      }
      expect(Object.keys(first.outputs).sort()).toEqual(Object.keys(action.outputs).sort())
      expect(first.report).toMatchObject({ action: 'gpu-runtime', result: 'prepared', changed: true })
      expect(first.summary).toMatch(/^## ✅/)
      const uuid = /GPU-[0-9a-f-]{36}/.exec(JSON.stringify(first.report))?.[0]
      expect(nodeOf(door)).toMatchObject({
        label: 'true',
        capacity: { 'nvidia.com/gpu': '1' },
        allocatable: { 'nvidia.com/gpu': '1' },
        annotation: {
          by: 'k3s-gpu-actions',
          gpus: [{ uuid, product: 'NVIDIA GeForce RTX 4090' }],
          driver: '575.51.03',
          cuda: '12.9',
        },
      })
      expect(world.cluster.objects.get(pluginKey)).toMatchObject({
        spec: {
          template: {
            spec: {
              runtimeClassName: 'nvidia',
              nodeSelector: { [presentLabel]: 'true' },
              tolerations: expect.arrayContaining([
                { key: 'workload-type', operator: 'Equal', value: 'gpu-compute', effect: 'NoSchedule' },
              ]),
              containers: [{ image: 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0' }],
            },
          },
        },
        status: { numberReady: 1 },
      })
      // tritonserver had the card all the time.
      expect([k3sOf(door), hostTree(door)]).toEqual([k3sBefore, treeBefore])

      const second = await counted(door, () => press())
      expect(second.value).toMatchObject({
        exitCode: 0,
        outputs: {
          result: 'unchanged',
          changed: 'false',
          restarted: 'false',
          plan: '[]',
          allocatable: '{"nvidia.com/gpu":"1"}',
        },
      })
      expect([second.sessions, second.connections]).toEqual([1, 1])
      expect(second.requests.length).toBeLessThanOrEqual(4)
      expect(writes(second.requests)).toEqual([])
      expect(second.value.stdout).toContain(`1 SSH channel, ${second.requests.length} API calls`)
      expect([k3sOf(door), hostTree(door)]).toEqual([k3sBefore, treeBefore])
    },
    limitMs,
  )
})

describe('a machine without a GPU', () => {
  it(
    'is skipped, in silence; and inputs that are wrong are told all at once, before anybody is asked',
    async () => {
      const door = await opened({ action: 'gpu-runtime', gpu: 'none' })
      const { world, press } = door
      const wrong = await press({
        node: 'Calypso!',
        port: '99999',
        toolkit: 'instal',
        'toolkit-version': 'newest',
        repository: 'ftp://mirror.test',
        'repository-keys': 'not-a-fingerprint',
        'hold-packages': 'some',
        'device-plugin': 'aply',
        'device-plugin-image': 'UPPER CASE',
        'replace-device-plugin': 'no-namespace',
        'default-runtime': 'runc',
        'quarantine-template': 'perhaps',
        'expect-gpus': '0',
        'allow-gpu-disruption': 'ja',
        'fail-on': 'sometimes',
        timeout: 'soon',
        'dry-run': 'maybe',
        'ssh-private-key': 'not a key at all',
        'known-hosts': '',
      })
      expect(wrong).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'inputs-invalid' } })
      const names =
        'node port toolkit toolkit-version repository repository-keys hold-packages device-plugin device-plugin-image replace-device-plugin default-runtime quarantine-template expect-gpus allow-gpu-disruption fail-on timeout dry-run ssh-private-key'
      const told = wrong.report?.failure?.evidence.join('\n') ?? ''
      expect(names.split(' ').filter((name) => !new RegExp(`^(input )?${name}\\b`, 'm').test(told))).toEqual([])
      expect([wrong.summary, told].join().includes('not a key at all')).toBe(false)
      expect([requestsOf(world), world.calypso.counts.connections]).toEqual([[], 0])

      const before = hostTree(door)
      // The committed cluster file says that calypso has one: a GPU that has gone is no reason to be silent.
      const missing = await press()
      expect(missing).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'gpu-present' } })
      const run = await press({ 'cluster-file': '', host: '192.168.2.80', user: 'oceanid' })
      expect(run).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'skipped',
          changed: 'false',
          'gpu-count': '0',
          'gpu-products': '[]',
          allocatable: '{}',
          'failure-code': '',
        },
      })
      expect([mutations(world), hostTree(door), nodeOf(door).label]).toEqual([[], before, undefined])
    },
    limitMs,
  )
})
