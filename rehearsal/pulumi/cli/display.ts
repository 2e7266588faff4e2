/** What the CLI prints without a terminal: pkg/backend/display/{progress,diff}.go and its recorded outputs (v3.259.0). */
import type { Properties } from '../model.ts'
import type { Operation, Step } from './steps.ts'

const marks: Readonly<Record<Operation, string>> = {
  same: '  ',
  create: '+ ',
  update: '~ ',
  delete: '- ',
  replace: '+-',
  refresh: '~ ',
}
const doing: Readonly<Record<Operation, string>> = {
  same: '',
  create: 'creating',
  update: 'updating',
  delete: 'deleting',
  replace: 'replacing',
  refresh: 'refreshing',
}
const done: Readonly<Record<Operation, string>> = {
  same: '',
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  replace: 'replaced',
  refresh: 'refresh',
}
/** The order of deploy.StepOps. */
const order: readonly Operation[] = ['create', 'update', 'delete', 'replace', 'refresh']

/** `kubernetes:core/v1:ConfigMap` is shown as it is; `aws:ec2/x:X` would lose its middle. */
const nameOf = (step: Step): string => {
  const { urn = '', type = '' } = step.wanted ?? step.old ?? {}
  return `${type} ${urn.split('::').at(-1)}`
}

export class Display {
  readonly #isPreview: boolean
  readonly #startedMs = Date.now()
  readonly #isQuiet: boolean
  readonly #diagnostics = new Map<string, string[]>()

  /** @param isQuiet `--json`: no text for people */
  constructor(isPreview: boolean, isQuiet: boolean) {
    this.#isPreview = isPreview
    this.#isQuiet = isQuiet
  }

  line(text = ''): void {
    if (!this.#isQuiet) process.stdout.write(`${text}\n`)
  }

  #status(step: Step, word: string, note = ''): void {
    const differs =
      step.differs.length > 0 ? ` [diff: ${step.differs.map((path) => `~${path.split('.')[0]}`).join(',')}]` : ''
    this.line(` ${marks[step.operation]} ${nameOf(step)} ${word}${differs}${note}`.trimEnd())
  }

  begins(step: Step): void {
    this.#status(step, doing[step.operation] === '' ? '' : `${doing[step.operation]} (0s)`)
  }

  /** What a provider says while it waits. */
  waits(step: Step, message: string): void {
    this.#status(step, `${doing[step.operation]} (1s)`, ` ${message}`)
  }

  ends(step: Step): void {
    if (step.operation !== 'same') this.#status(step, `${done[step.operation]} (0.01s)`)
  }

  fails(step: Step): void {
    this.#status(step, `**${doing[step.operation]} failed**`, ' 1 error')
  }

  /** Shown at once, and again at the end. @param heading `type (name)` */
  diagnostic(heading: string, message: string): void {
    const lines = this.#diagnostics.get(heading) ?? []
    lines.push(message)
    this.#diagnostics.set(heading, lines)
    const [type, name] = heading.split(' ')
    this.line(`    ${type} ${(name ?? '').replaceAll(/[()]/g, '')} ${message.split('\n')[0]}`)
  }

  end(counts: ReadonlyMap<Operation, number>, outputs: Properties, errored: number): void {
    if (this.#diagnostics.size > 0) {
      this.line('Diagnostics:')
      for (const [heading, messages] of this.#diagnostics) {
        this.line(`  ${heading}:`)
        for (const message of messages) for (const line of message.split('\n')) this.line(`    ${line}`.trimEnd())
        this.line()
      }
    }
    const names = Object.keys(outputs).toSorted()
    const width = Math.max(0, ...names.map((name) => name.length))
    if (names.length > 0) {
      this.line('Outputs:')
      for (const name of names) this.line(`    ${name.padEnd(width)}: ${JSON.stringify(outputs[name])}`)
      this.line()
    }
    this.line('Resources:')
    const changed = order.filter((operation) => (counts.get(operation) ?? 0) > 0)
    for (const operation of changed)
      this.line(
        `    ${marks[operation]}${counts.get(operation)} ${this.#isPreview ? `to ${operation}` : done[operation]}`,
      )
    const total = changed.reduce((sum, operation) => sum + (counts.get(operation) ?? 0), 0)
    const pieces = [
      ...(changed.length >= 2 ? [`${total} changes`] : []),
      ...((counts.get('same') ?? 0) > 0 ? [`${counts.get('same')} unchanged`] : []),
    ]
    if (pieces.length > 0) this.line(`    ${pieces.join('. ')}`)
    if (errored > 0) this.line(`    ${errored} errored`)
    this.line()
    if (!this.#isPreview) this.line(`Duration: ${Math.ceil((Date.now() - this.#startedMs) / 1000)}s\n`)
  }
}
