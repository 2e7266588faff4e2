import type { Check } from '../../../report/index.ts'
import { blocked, gather, skipped } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { SeverityRule } from '../../model.ts'
import { asks } from './entries.ts'
import { describeBusy, judgeAnnotation, judgeCapacity, judgeCuda } from './judge-capacity.ts'
import { type Answer, judgeNode } from './judge-node.ts'
import { judgePluginOf, judgeRuntimeClass } from './judge-plugin.ts'
import type { GpuNode, GpuWorld } from './read.ts'

const isFailure = (answer: Answer): boolean =>
  'findings' in answer && answer.findings.some(({ verdict }) => verdict === 'fail')

function checkOf(id: string, question: string, answer: Answer, severities: readonly SeverityRule[]): Check {
  return 'skip' in answer
    ? skipped(id, question, answer.skip)
    : gather(id, question, answer.findings, answer.passed, severities)
}

interface Link {
  readonly id: string
  readonly question: string
  readonly answer: Answer
}

/** Layers L1, L3 and L4 of one node; L2 is of the whole cluster. */
function chainOf(one: GpuNode, { nowMs }: GpuWorld): readonly Link[] {
  const link = (entry: string, answer: Answer): Link => ({
    id: entry.replace('<node>', idPart(one.name)),
    question: asks(entry),
    answer,
  })
  return [
    link('gpu.node.<node>', judgeNode(one, nowMs)),
    link('gpu.plugin.<node>', judgePluginOf(one)),
    link('gpu.capacity.<node>', judgeCapacity(one)),
  ]
}

/** The id of the first failing layer below the GPU Job; undefined: it may be tried. Pure. */
export function firstFailure(one: GpuNode, world: GpuWorld): string | undefined {
  const [node, ...above] = chainOf(one, world)
  if (node && isFailure(node.answer)) return node.id
  if (isFailure(judgeRuntimeClass(world))) return 'gpu.runtime-class'
  return above.find(({ answer }) => isFailure(answer))?.id
}

/** The check by which `firstFailure` blocks a node, for a run that does not ask this suite. Pure. */
export function blockingCheck(id: string, world: GpuWorld, severities: readonly SeverityRule[]): readonly Check[] {
  return judgeGpu(world, severities).filter((check) => check.id === id)
}

/** All checks of the suite. Pure. */
export function judgeGpu(world: GpuWorld, severities: readonly SeverityRule[]): readonly Check[] {
  if (world.nodes.length === 0)
    return [skipped('gpu.cuda', asks('gpu.cuda'), 'no node has a GPU, and none is expected to have one')]
  const runtimeClass = judgeRuntimeClass(world)
  const checks: Check[] = [checkOf('gpu.runtime-class', asks('gpu.runtime-class'), runtimeClass, severities)]
  for (const one of world.nodes) {
    let by: string | undefined
    for (const { id, question, answer } of chainOf(one, world)) {
      checks.push(by === undefined ? checkOf(id, question, answer, severities) : blocked(id, by, question))
      if (by !== undefined) continue
      if (isFailure(answer)) by = id
      else if (id.startsWith('gpu.node.') && isFailure(runtimeClass)) by = 'gpu.runtime-class'
    }
    const name = idPart(one.name)
    checks.push(
      checkOf(`gpu.annotation.${name}`, asks('gpu.annotation.<node>'), judgeAnnotation(one), severities),
      one.node === undefined
        ? blocked(`gpu.busy.${name}`, `gpu.node.${name}`, asks('gpu.busy.<node>'))
        : { id: `gpu.busy.${name}`, verdict: 'pass', question: asks('gpu.busy.<node>'), found: describeBusy(one) },
    )
  }
  return [...checks, checkOf('gpu.cuda', asks('gpu.cuda'), judgeCuda(world.nodes), severities)]
}
