/** Stand-ins for the third-party actions that the workflows use. */

export interface StandInRun {
  /** Inputs with defaults applied. */
  readonly inputs: Readonly<Record<string, string>>
  readonly repository: string
  readonly repositoryName: string
  readonly commit: string
  readonly workspace: string
  readonly temporaryDirectory: string
  readonly artifactsFolder: string
  /** Name → folder. */
  readonly artifacts: Record<string, string>
  /** GitHub's cache of the repository. */
  readonly cachesFolder: string
  readonly home: string
  /** What the step's own process would see. */
  readonly environment: Readonly<Record<string, string>>
  /** Folder whose files a checkout has over those of the repository. */
  readonly overlay: string | undefined
  line(text: string): void
  warning(text: string): void
  output(name: string, value: string): void
  addPath(folder: string): void
}

export interface StandIn {
  /** Input → default. Another input is GitHub's warning about unexpected inputs. */
  readonly inputs: Readonly<Record<string, string>>
  /** Does what the action would do as far as a job sees it. Throws with the message that fails the step. */
  main(run: StandInRun): Promise<void>
  post?(run: StandInRun): Promise<void>
}
