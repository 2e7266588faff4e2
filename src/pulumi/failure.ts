import { formatStack } from './arguments.ts'
import { provedByEvents } from './failure-events.ts'
import { lockWords } from './lock.ts'
import type { PulumiFailure, PulumiFailureCode, PulumiOutcome, PulumiWish, StackLock } from './model.ts'
import { hasChanges } from './operations.ts'

/** What an ending is judged by. */
export interface Ended {
  readonly outcome: PulumiOutcome
  readonly wish: PulumiWish
  readonly stack: string
  readonly lock: StackLock | undefined
}

export type Judgement = Pick<PulumiFailure, 'title' | 'cause' | 'remedy'> & {
  readonly code: PulumiFailureCode
  readonly evidence?: readonly string[]
}

/** One way to end; undefined: it was another one. */
export type Judge = (ended: Ended) => Judgement | undefined

/** Exit codes of the CLI (pulumi/pulumi: pkg/cmd/pulumi/cmd/exit_codes.go, ExitCodeFor). Most failures are 1. */
const exit = { authentication: 3, stackMissing: 6, unexpectedChanges: 7, cancelled: 8 } as const

/**
 * Why it did not end well; undefined: it did. Pure. What the CLI itself says on standard error, and its exit code, come before
 * anything that events quote from program and providers. `lock`, where somebody asked for it, tells who holds the stack.
 */
export function failureOf(outcome: PulumiOutcome, wish: PulumiWish, lock?: StackLock): PulumiFailure | undefined {
  const ended = { outcome, wish, stack: formatStack(wish.stack), lock }
  if (outcome.exitCode === 0 && !(wish.command === 'drift' && hasChanges(outcome.deployment))) return undefined
  for (const judge of judges) {
    const found = judge(ended)
    if (found) return { ...found, evidence: found.evidence ?? evidenceOf(outcome) }
  }
  return { ...unknown(ended), evidence: evidenceOf(outcome) }
}

/** From what is certain to what is likely. */
const judges: readonly Judge[] = [
  timedOut,
  drifted,
  // Before a cancelled job: it may have been cancelled because it could not go on, but nothing of it ran.
  locked,
  cancelled,
  unauthorized,
  stackMissing,
  passphrase,
  configuration,
  provedByEvents,
]

/** The errors of the CLI, else the last lines that it printed. */
function evidenceOf({ errors, lastLines }: PulumiOutcome): readonly string[] {
  return errors.length > 0 ? errors.slice(-10) : lastLines.slice(-10)
}

/** Whether the CLI itself says so, in a line that begins with `error: `. */
function saysItself({ errors }: PulumiOutcome, words: RegExp): boolean {
  return errors.some((line) => line.startsWith('error: ') && words.test(line.slice('error: '.length)))
}

function timedOut({ outcome, wish, stack }: Ended): Judgement | undefined {
  if (!outcome.isTimedOut) return undefined
  const lost = 'it had to be killed: the stack may be locked, and operations may be pending'
  return {
    code: 'pulumi-timeout',
    title: `Pulumi did not finish with ${stack} in ${Math.round(wish.timeoutMs / 60_000)} min`,
    cause: outcome.isKilled
      ? `something takes longer than it may, and ${lost}`
      : 'something takes longer than it may; the update was asked to end, and ended itself',
    remedy: `see in the summary what it was at, and give it a longer timeout; then run it again${
      outcome.isKilled ? ` (pulumi refresh --stack ${stack} settles operations that are pending)` : ''
    }`,
  }
}

/** Only a preview that came to its end tells of drift: one that failed says nothing of the cluster. Exit code and events have to agree. */
function drifted({ outcome, wish, stack }: Ended): Judgement | undefined {
  const { deployment, exitCode } = outcome
  if (wish.command !== 'drift' || !hasChanges(deployment)) return undefined
  if (exitCode !== exit.unexpectedChanges && !(exitCode === 0 && deployment.isComplete)) return undefined
  return {
    code: 'pulumi-drift',
    title: `${stack} is not as its program says`,
    cause:
      'somebody or something changed what Pulumi manages since the last update, or the program changed and was not deployed',
    remedy:
      'see the table of changes; deploy to set it back to the program, or bring the program to what is wanted, then deploy',
    evidence: deployment.changes
      .slice(0, 10)
      .map(({ operation, type, name, differs }) =>
        [`${operation} ${type} ${name}`, differs.join(', ')].filter((part) => part !== '').join(': '),
      ),
  }
}

/** 409, as the service says it when an update begins (ConflictingUpdateError in pkg/backend/backenderr/backenderr.go). */
function locked({ outcome, stack, lock }: Ended): Judgement | undefined {
  const isConflict = saysItself(outcome, /^\[409\] .*another update is currently in progress/i)
  const isExplained = outcome.errors.some((line) => line.includes('/update-conflicts/'))
  if (!isConflict && !isExplained) return undefined
  return {
    code: 'pulumi-locked',
    title: `another update of ${stack} is running, and Pulumi lets one run at a time`,
    cause: lock && lock.updateId !== '' ? lockWords(lock) : 'who runs it is not known here: the console shows it',
    remedy: `wait for it to end, then run this again; only when nobody runs it any more: pulumi cancel --stack ${stack} --yes, then pulumi refresh --stack ${stack}`,
  }
}

function cancelled({ outcome, wish, stack }: Ended): Judgement | undefined {
  const isElsewhere =
    outcome.exitCode === exit.cancelled || saysItself(outcome, /\bupdate (was|has been) cancell?ed\b/i)
  if (!outcome.isCancelled && !isElsewhere) return undefined
  const again = wish.command === 'up' ? 'run it again: Pulumi goes on from the state that it saved' : 'run it again'
  if (!outcome.isCancelled)
    return {
      code: 'pulumi-cancelled',
      title: `the ${wordOf(wish)} of ${stack} was cancelled`,
      cause: 'somebody cancelled it at Pulumi (pulumi cancel, or the console), not this job',
      remedy: again,
    }
  return {
    code: 'pulumi-cancelled',
    title: `the job was cancelled during the ${wordOf(wish)} of ${stack}`,
    cause: outcome.isKilled
      ? 'Pulumi did not end in the seconds that a cancelled job has, and was killed: operations may be pending'
      : 'Pulumi was asked to end, and ended itself',
    remedy: outcome.isKilled ? `${again}; pending operations are settled by pulumi refresh --stack ${stack}` : again,
  }
}

function unauthorized({ outcome, stack }: Ended): Judgement | undefined {
  const words =
    /^(\[40[13]\]|Unauthorized: |this command requires logging in|PULUMI_ACCESS_TOKEN must be set|invalid access token)/i
  if (outcome.exitCode !== exit.authentication && !saysItself(outcome, words)) return undefined
  const isForbidden = saysItself(outcome, /^\[403\]|forbidden/i)
  return {
    code: 'pulumi-unauthorized',
    title: isForbidden
      ? `the access token may not do this with ${stack}`
      : `Pulumi does not accept the access token for ${stack}`,
    cause: isForbidden
      ? 'it is valid, but lacks a right on this stack'
      : 'it is missing, has expired, was revoked, or belongs to another backend',
    remedy: isForbidden
      ? 'give its user or team write access to the stack at Pulumi; a token from OIDC has the rights of its token type and scope'
      : 'store a new token as the secret PULUMI_ACCESS_TOKEN, or leave it out for OIDC, with an expiration that outlasts the update',
  }
}

function stackMissing({ outcome, stack }: Ended): Judgement | undefined {
  const words = /^(no stack named .* found|\[404\] .*stack\b)/i
  if (outcome.exitCode !== exit.stackMissing && !saysItself(outcome, words)) return undefined
  return {
    code: 'pulumi-stack-missing',
    title: `there is no stack ${stack} for this token`,
    cause: 'it does not exist, its name is another one, or the token may not see it',
    remedy: `compare with: pulumi stack ls --all; a new stack is made once, by hand: pulumi stack init ${stack}`,
  }
}

/** pkg/secrets/passphrase/manager.go, pkg/cmd/pulumi/cmd/cmd.go (printDecryptError). */
function passphrase({ outcome, stack }: Ended): Judgement | undefined {
  const isMissing = saysItself(outcome, /passphrase must be set with PULUMI_CONFIG_PASSPHRASE/)
  const isWrong = saysItself(outcome, /incorrect passphrase|^failed to decrypt/i)
  if (!isMissing && !isWrong) return undefined
  return {
    code: 'pulumi-passphrase',
    title: `the secrets in the configuration of ${stack} cannot be decrypted`,
    cause: isMissing
      ? 'they are encrypted with a passphrase, and none was given'
      : 'the passphrase is not the one that they were encrypted with, or a secret was copied from another stack',
    remedy:
      'store the passphrase of the stack as the secret PULUMI_CONFIG_PASSPHRASE; by hand, pulumi config shows whether it is the right one',
  }
}

function configuration({ outcome, stack }: Ended): Judgement | undefined {
  const words =
    /^(getting stack configuration|validating stack config|applying stack config|no Pulumi\.yaml project file found|unknown (shorthand )?flag|could not (load|validate) )/i
  if (outcome.exitCode !== 2 && !saysItself(outcome, words)) return undefined
  const isFlag = saysItself(outcome, /^unknown (shorthand )?flag/i)
  return {
    code: 'pulumi-configuration',
    title: isFlag
      ? 'this version of Pulumi lacks a flag that is needed'
      : `Pulumi cannot use the configuration of ${stack}`,
    cause: isFlag
      ? 'it is older than the version that the workflow pins'
      : 'Pulumi.yaml or the configuration file of the stack is missing, malformed, or lacks a value',
    remedy: isFlag
      ? 'let the workflow install the version that it pins, or a newer one'
      : 'see the evidence; in the folder of the program, pulumi config shows what is set, and pulumi config set sets it',
  }
}

function unknown({ outcome, wish, stack }: Ended): Judgement {
  return {
    code: 'pulumi-failed',
    title: `the ${wordOf(wish)} of ${stack} failed`,
    cause:
      wish.command === 'drift' && outcome.exitCode === exit.unexpectedChanges
        ? 'Pulumi says that something would change, and its event log does not say what'
        : `Pulumi ended with exit code ${outcome.exitCode}, for a reason that is not known here`,
    remedy: 'read the last lines of the log; the page of the update at Pulumi has all of them',
  }
}

function wordOf({ command }: PulumiWish): string {
  return command === 'up' ? 'update' : command === 'drift' ? 'drift run' : 'preview'
}
