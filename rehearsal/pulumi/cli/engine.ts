/** One operation on a stack, step by step: refresh, program, steps, summary. pkg/engine and pkg/resource/deploy (v3.259.0) in small. */
import { setTimeout as delay } from 'node:timers/promises'
import type { CliSettings, Deployment, Properties, StoredResource } from '../model.ts'
import type { ProgramResult, WantedResource } from '../program/session.ts'
import { Display } from './display.ts'
import type { Evaluated } from './evaluate.ts'
import { EventLog } from './events.ts'
import type { Reality } from './provider.ts'
import { shown } from './secrets.ts'
import { differences, type Operation, type Plan, planOf, type Step, stepsTo, violation } from './steps.ts'

export interface EngineOptions {
  readonly project: string
  readonly stack: string
  readonly isDryRun: boolean
  readonly isRefreshed: boolean
  readonly plan: Plan | undefined
  readonly eventLog: string | undefined
  readonly config: Readonly<Record<string, string>>
  readonly isQuiet: boolean
  readonly showsOutputs: boolean
  /** Folder of the program. */
  readonly program: string
  readonly settings: CliSettings
  readonly reality: Reality
  /** Aborted by the first signal. */
  readonly cancel: AbortSignal
  evaluate(): Promise<Evaluated>
  /** Why the cluster cannot be reached; undefined: it can. */
  whyUnreachable(): Promise<string | undefined>
  /** Keeps the state, after every step that changed it. */
  save(deployment: Deployment): Promise<void>
}

export interface EngineResult {
  readonly isOk: boolean
  readonly counts: ReadonlyMap<Operation, number>
  readonly plan: Plan
}

/** As users of pulumi-kubernetes quote a rollout that does not come (pulumi-kubernetes: provider/pkg/await). */
const failure =
  'resource "urn" was not successfully updated by the Kubernetes API server: admission webhook "policy.apps" denied the request: <b>immutable</b> `data` ::error::not a command'

export class Engine {
  readonly #options: EngineOptions
  readonly #log: EventLog
  readonly #display: Display
  readonly #counts = new Map<Operation, number>()
  readonly #startedMs = Date.now()
  #deployment: Deployment
  #errored = 0

  constructor(options: EngineOptions, deployment: Deployment) {
    this.#options = options
    this.#deployment = deployment
    this.#log = new EventLog(options.eventLog, options.isDryRun)
    this.#display = new Display(options.isDryRun, options.isQuiet)
    options.cancel.addEventListener('abort', () => this.#sayCancelled(), { once: true })
  }

  /** To its end, whatever that is; a cancelled operation ends, too. */
  async run(): Promise<EngineResult> {
    const { config, isDryRun } = this.#options
    this.#log.prelude(config)
    const why = await this.#options.whyUnreachable()
    const isRefreshed = !this.#options.isRefreshed || this.#refresh(why)
    const { result, lines } = isRefreshed ? await this.#options.evaluate() : nothing
    for (const { severity, text } of lines) {
      this.#log.diagnostic(severity, text, this.#stackUrn)
      this.#display.diagnostic(this.#heading(this.#stackUrn), text)
    }
    const steps = 'error' in result ? [] : this.#stepsOf(result.resources)
    if ('error' in result) this.#fail(this.#stackUrn, this.#programError(result))
    let isExecuted = this.#errored === 0
    if (isExecuted) isExecuted = await this.#perform(this.#stackStep(), undefined)
    for (const step of steps) {
      if (!isExecuted || this.#options.cancel.aborted) break
      const refused = this.#options.plan && violation(this.#options.plan, step)
      if (refused !== undefined) {
        this.#fail((step.wanted ?? step.old)?.urn ?? '', refused)
        break
      }
      isExecuted = await this.#perform(step, why)
    }
    const kind = isDryRun ? 'preview' : 'update'
    const isCancelled = this.#options.cancel.aborted
    if (isCancelled) this.#fail('', `${kind} canceled`)
    else if (!isExecuted && steps.length > 0) this.#fail('', `${kind} failed`)
    const isOk = this.#errored === 0
    const outputs = 'error' in result || !isOk ? {} : result.outputs
    if (isOk && !isDryRun) await this.#keepOutputs(outputs)
    this.#log.end(this.#counts, this.#startedMs, isOk ? 'succeeded' : 'failed', isCancelled && !isDryRun)
    this.#display.end(this.#counts, this.#options.showsOutputs ? shown(outputs) : {}, this.#errored)
    return { isOk, counts: this.#counts, plan: planOf(steps) }
  }

  get #stackUrn(): string {
    const { project, stack } = this.#options
    return `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`
  }

  #heading(urn: string): string {
    const [type = '', name = ''] = (urn === '' ? this.#stackUrn : urn).split('::').slice(2)
    return `${type} (${name})`
  }

  #fail(urn: string, message: string): void {
    this.#errored += 1
    this.#log.diagnostic('error', message, urn)
    this.#display.diagnostic(this.#heading(urn), `error: ${message}`)
  }

  #programError(result: Extract<ProgramResult, { error: string }>): string {
    // sdk/nodejs/cmd/run/run.ts.
    return result.isRunError
      ? result.error
      : `Running program '${this.#options.program}' failed with an unhandled exception:\n${result.error}`
  }

  #sayCancelled(): void {
    // pkg/backend/cancellation_scope.go.
    const note = this.#options.isDryRun
      ? ''
      : 'Note that terminating immediately may lead to orphaned resources and other inconsistencies.\n'
    const message = `^C received; cancelling. If you would like to terminate immediately, press ^C again.\n${note}`
    this.#log.stdout(message)
    this.#display.line(message.trimEnd())
  }

  #resource({ type, name, inputs }: WantedResource): StoredResource {
    const { project, stack } = this.#options
    const urn = `urn:pulumi:${stack}::${project}::${type}::${name}`
    const { namespace, name: object } = (inputs.metadata ?? {}) as { namespace?: string; name?: string }
    const id = [namespace, object ?? name].filter((part) => part !== undefined).join('/')
    return { urn, custom: true, id, type, parent: this.#stackUrn, inputs, outputs: inputs }
  }

  get #stored(): readonly StoredResource[] {
    return this.#deployment.resources.filter(({ custom }) => custom)
  }

  #stackStep(): Step {
    const old = this.#deployment.resources.find(({ urn }) => urn === this.#stackUrn)
    const empty = { custom: false, id: '', parent: '', inputs: {}, outputs: {} }
    const wanted = old ?? { ...empty, urn: this.#stackUrn, type: 'pulumi:pulumi:Stack' }
    return { operation: old === undefined ? 'create' : 'same', old, wanted, differs: [] }
  }

  #stepsOf(wanted: readonly WantedResource[]): readonly Step[] {
    const { settings, isDryRun } = this.#options
    // What a program does that looks at the clock: more in the update than in its plan.
    const late = { type: 'kubernetes:core/v1:ConfigMap', name: 'late', inputs: { metadata: { name: 'late' } } }
    const isLate = settings.faults.includes('deploy-plan-exceeded') && !isDryRun
    return stepsTo(
      [...wanted, ...(isLate ? [late] : [])].map((one) => this.#resource(one)),
      this.#stored,
    )
  }

  /** What the resources really are takes the place of what the state says; nothing is counted, nothing is changed. */
  #refresh(why: string | undefined): boolean {
    for (const old of this.#stored) {
      const inputs = this.#options.reality.get(old.urn)
      const wanted = inputs === undefined ? old : { ...old, inputs }
      const step: Step = { operation: 'refresh', old, wanted, differs: differences(old.inputs, wanted.inputs) }
      this.#log.step('resourcePreEvent', step)
      this.#display.begins(step)
      if (why !== undefined) {
        this.#fail(old.urn, why)
        this.#log.failed(step)
        return false
      }
      this.#log.step('resOutputsEvent', step)
      this.#display.ends(step)
      this.#put(old.urn, inputs === undefined ? undefined : wanted)
    }
    return true
  }

  /** Resolves with whether it could be done. */
  async #perform(step: Step, why: string | undefined): Promise<boolean> {
    const { settings, isDryRun, cancel, reality } = this.#options
    const { operation, old, wanted } = step
    const urn = (wanted ?? old)?.urn ?? ''
    this.#log.step('resourcePreEvent', step)
    this.#display.begins(step)
    const isChange = operation !== 'same' && urn !== this.#stackUrn
    const refused =
      why ?? (settings.faults.includes('deploy-update-fails') && !isDryRun ? failure.replace('urn', urn) : undefined)
    if (isChange && refused !== undefined) {
      this.#fail(urn, refused)
      this.#log.failed(step)
      this.#display.fails(step)
      return false
    }
    if (isChange && !isDryRun) {
      await this.#wait(step, cancel)
      reality.set(urn, wanted?.inputs)
    }
    this.#put(urn, wanted)
    if (!isDryRun && operation !== 'same') await this.#options.save(this.#deployment)
    // The stack's own event comes with its outputs.
    if (urn !== this.#stackUrn || isDryRun) this.#log.step('resOutputsEvent', step)
    this.#display.ends(step)
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1)
    return true
  }

  async #wait(step: Step, cancel: AbortSignal): Promise<void> {
    const { faults, stepMs } = this.#options.settings
    const isStuck = faults.includes('deploy-hangs') || faults.includes('deploy-hangs-on-cancel')
    if (isStuck) this.#display.waits(step, '[1/2] Waiting for the webhook of the cluster to answer')
    // A provider that does not listen: it is never over, whatever is signalled.
    if (faults.includes('deploy-hangs-on-cancel')) await delay(2 ** 31 - 1)
    try {
      await delay(isStuck ? 2 ** 31 - 1 : stepMs, undefined, { signal: cancel })
    } catch {
      // Cancelled: the provider ends what it was at.
    }
  }

  #put(urn: string, resource: StoredResource | undefined): void {
    const { resources } = this.#deployment
    const index = resources.findIndex((one) => one.urn === urn)
    const next = [...resources]
    if (resource === undefined) next.splice(index, index < 0 ? 0 : 1)
    else if (index < 0) next.push(resource)
    else next[index] = resource
    this.#deployment = { ...this.#deployment, resources: next }
  }

  async #keepOutputs(outputs: Properties): Promise<void> {
    const stack = this.#deployment.resources.find(({ urn }) => urn === this.#stackUrn)
    if (stack === undefined) return
    const wanted = { ...stack, outputs }
    this.#log.step('resOutputsEvent', { operation: 'same', old: stack, wanted, differs: [] })
    this.#put(this.#stackUrn, wanted)
    await this.#options.save(this.#deployment)
  }
}

const nothing: Evaluated = { result: { resources: [], outputs: {} }, lines: [] }
