/** One process's lines: workflow commands are carried out, the rest is log. One of these per process, as in the runner. */
import { type Command, parseCommand } from './commands.ts'
import type { JobLog } from './log.ts'
import type { Masks } from './masks.ts'

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
}

/** What commands do to the step. */
export interface StepEffects {
  annotate(annotation: Annotation): void
  setOutput(name: string, value: string): void
  saveState(name: string, value: string): void
  /** A command that the runner could not carry out fails the step. */
  fail(): void
}

const deprecated = (name: string): string =>
  `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For more information see: https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`
const disabled = (name: string): string =>
  `The \`${name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`

export class StepOutput {
  readonly #log: JobLog
  readonly #masks: Masks
  readonly #effects: StepEffects
  readonly #isDebug: boolean
  #echoes: boolean
  #stopToken: string | undefined

  constructor(log: JobLog, masks: Masks, effects: StepEffects, isDebug: boolean) {
    this.#log = log
    this.#masks = masks
    this.#effects = effects
    this.#isDebug = isDebug
    this.#echoes = isDebug
  }

  /** An annotation by the runner itself or by a command: shown in the log and kept with the run. */
  issue(level: Annotation['level'], message: string, title = ''): void {
    const label = { error: 'Error', warning: 'Warning', notice: 'Notice' }[level]
    this.#log.line(`${label}: ${message}`)
    // GitHub cuts the message of an annotation at 4096 characters.
    this.#effects.annotate({ level, title: this.#masks.hide(title), message: this.#masks.hide(message).slice(0, 4096) })
  }

  debug(text: string): void {
    if (this.#isDebug) for (const line of text.split('\n')) this.#log.line(`##[debug]${line}`)
  }

  line(text: string): void {
    const command = parseCommand(
      text,
      (name) => name in this.#commands || name === 'stop-commands' || name === this.#stopToken?.toLowerCase(),
    )
    const isStopped = this.#stopToken !== undefined
    const isResumed = isStopped && command?.name === this.#stopToken?.toLowerCase()
    if (isResumed) this.#stopToken = undefined
    if (command === undefined || isStopped) {
      this.#log.line(text)
      return
    }
    try {
      if (command.name === 'stop-commands') this.#stop(command, text)
      else this.#commands[command.name]?.(command, text)
    } catch (error) {
      this.issue('error', `Unable to process command '${text}' successfully.`)
      this.issue('error', (error as Error).message)
      this.#effects.fail()
    }
  }

  #stop(command: Command, text: string): void {
    const token = command.data
    if (
      token === '' ||
      token.toLowerCase() === 'pause-logging' ||
      token.toLowerCase() in this.#commands ||
      token === 'stop-commands'
    ) {
      throw new Error(
        "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.",
      )
    }
    this.#stopToken = token
    if (token.length > 6) this.#masks.add(token)
    this.#log.line(text)
  }

  #echo(text: string): void {
    if (this.#echoes) this.#log.line(text)
  }

  #required(command: Command): string {
    const name = command.properties.name
    if (!name) throw new Error(`Required field 'name' is missing in ##[${command.name}] command.`)
    return name
  }

  readonly #commands: Readonly<Record<string, (command: Command, text: string) => void>> = Object.assign(
    Object.create(null),
    {
      'add-mask': (command: Command) => {
        if (command.data.trim() === '')
          this.issue('warning', "Can't add secret mask for empty string in ##[add-mask] command.")
        this.#masks.add(command.data)
      },
      debug: (command: Command) => this.debug(command.data),
      error: (command: Command) => this.issue('error', command.data, command.properties.title),
      warning: (command: Command) => this.issue('warning', command.data, command.properties.title),
      notice: (command: Command) => this.issue('notice', command.data, command.properties.title),
      group: (command: Command) => this.#log.group(command.data),
      endgroup: () => this.#log.endGroup(),
      echo: (command: Command) => {
        if (command.data !== 'on' && command.data !== 'off')
          throw new Error("Invalid echo command value. Possible values can be: 'on', 'off'.")
        this.#echoes = command.data === 'on'
      },
      // Both still work from standard output, and GitHub says so beside them.
      'set-output': (command: Command, text: string) => {
        this.#echo(text)
        this.issue('warning', deprecated('set-output'))
        this.#effects.setOutput(this.#required(command), command.data)
      },
      'save-state': (command: Command, text: string) => {
        this.#echo(text)
        this.issue('warning', deprecated('save-state'))
        this.#effects.saveState(this.#required(command), command.data)
      },
      'set-env': () => {
        throw new Error(disabled('set-env'))
      },
      'add-path': () => {
        throw new Error(disabled('add-path'))
      },
      'add-matcher': () => {
        throw new Error('The rehearsal carries out no problem matchers.')
      },
      'remove-matcher': () => {
        throw new Error('The rehearsal carries out no problem matchers.')
      },
    },
  )
}
