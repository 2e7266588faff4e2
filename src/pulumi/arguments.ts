import { join } from 'node:path'
import { oneLine } from '../report/index.ts'
import type { PulumiPlace, PulumiWish, StackReference } from './model.ts'

export function formatStack({ organization, project, stack }: StackReference): string {
  return `${organization}/${project}/${stack}`
}

/** One call of the CLI. */
export interface PulumiCall {
  readonly args: readonly string[]
  readonly eventLog: string
}

/**
 * `--event-log` exists only with this (pulumi/pulumi: sdk/go/common/env/env.go, pkg/cmd/pulumi/operations/up.go); Pulumi's own
 * Automation API sets it for the same reason (sdk/go/auto).
 */
export const eventLogSwitch = { PULUMI_DEBUG_COMMANDS: 'true' } as const

/**
 * The calls that a wish takes, one after the other as long as they end well (flags: pulumi/pulumi v3.259.0,
 * pkg/cmd/pulumi/operations/preview.go, up.go). No secret is in them.
 *
 * A plan is made by a preview of its own, and the update may do nothing else. Unbound, `up` previews first by itself: a program
 * that throws is found before anything is changed.
 */
export function callsFor(wish: PulumiWish, place: PulumiPlace, folder: string): readonly PulumiCall[] {
  const refresh = wish.isRefreshed ? ['--refresh'] : []
  const call = (name: string, command: string, ...flags: string[]): PulumiCall => {
    const eventLog = join(folder, `${name}.jsonl`)
    return { eventLog, args: [command, ...flags, ...common(wish, place), '--event-log', eventLog] }
  }
  if (wish.command === 'preview') return [call('preview', 'preview', ...refresh)]
  // With the program, providers read with the credentials of now and not with those in the state.
  if (wish.command === 'drift') return [call('drift', 'preview', '--refresh', '--run-program', '--expect-no-changes')]
  if (!wish.isPlanBound) return [call('up', 'up', '--yes', ...refresh)]
  const plan = join(folder, 'plan.json')
  return [
    call('plan', 'preview', '--save-plan', plan, ...refresh),
    call('up', 'up', '--yes', '--skip-preview', '--plan', plan, ...refresh),
  ]
}

/** Secret outputs are printed as `[secret]` without --show-secrets (pkg/cmd/pulumi/stack/stack_output.go). */
export function outputsCall(wish: PulumiWish, place: PulumiPlace): readonly string[] {
  return ['stack', 'output', '--json', ...everywhere(wish, place)]
}

function common(wish: PulumiWish, place: PulumiPlace): readonly string[] {
  return [
    ...everywhere(wish, place),
    '--suppress-progress',
    // They are asked for afterwards, by name and without what is secret.
    '--suppress-outputs',
    `--message=${oneLine(wish.message, 200)}`,
  ]
}

function everywhere(wish: PulumiWish, place: PulumiPlace): readonly string[] {
  const stack = formatStack(wish.stack)
  return ['--cwd', place.workingDirectory, '--stack', stack, '--non-interactive', '--color', 'never']
}
