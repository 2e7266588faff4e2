/** Machines with other GPUs than calypso's, through the bundle: what is counted, offered, written down and said. */
import { describe, expect, it } from '@jest/globals'
import { doors } from './door.ts'
import { counted, k3sOf, nodeOf, writes } from './gpu-runtime-door.ts'

const opened = doors()

const machines = [
  { gpu: 'rtx-2070', count: 1, product: 'NVIDIA GeForce RTX 2070' },
  { gpu: 'eight-gpus', count: 8, product: 'NVIDIA A100-SXM4-80GB' },
  // The plugin's strategy is none: a GPU that MIG has parted is offered whole.
  { gpu: 'mig', count: 1, product: 'NVIDIA A100 80GB PCIe' },
] as const

describe('a machine with', () => {
  it.each(machines)(
    '$gpu offers $count, and is told apart from the one that the cluster file expects',
    async ({ gpu, count, product }) => {
      const door = await opened({ action: 'gpu-runtime', gpu })
      const { press } = door
      const other = await press()
      expect(other).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'gpu-product', changed: 'false' } })
      // More than expected is said, and harms nobody.
      const counting = other.report?.checks.find(({ id }) => id === 'gpu.count')
      expect(counting?.verdict).toBe(count > 1 ? 'warn' : 'pass')
      const told = { 'expect-gpus': String(count), 'expect-product': product }
      const run = await press(told)
      const allocatable = { 'nvidia.com/gpu': String(count) }
      expect(run).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'prepared',
          'gpu-count': String(count),
          'gpu-products': JSON.stringify(Array.from({ length: count }, () => product)),
          allocatable: JSON.stringify(allocatable),
        },
      })
      const node = nodeOf(door)
      expect(node).toMatchObject({ capacity: allocatable, allocatable })
      const { gpus = [] } = node.annotation as { gpus?: { uuid: string; product: string }[] }
      expect(new Set(gpus.map(({ uuid }) => uuid)).size).toBe(count)
      expect(new Set(gpus.map((one) => one.product))).toEqual(new Set([product]))
      if (count === 1) return
      const starts = k3sOf(door)?.starts
      const again = await counted(door, () => press(told))
      expect([again.value.outputs.result, again.sessions, writes(again.requests), k3sOf(door)?.starts]).toEqual([
        'unchanged',
        1,
        [],
        starts,
      ])
    },
    240_000,
  )
})
