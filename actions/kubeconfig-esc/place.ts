import { formatPropertyPath } from '../../src/esc/index.ts'
import {
  newNonce,
  type Placement,
  placementOf,
  releasePlacement,
  sentinelPath,
  slugOf,
  sweepPlacements,
} from '../../src/kubeconfig/index.ts'
import { identify, type ProcessIdentity } from '../../src/ownership/index.ts'
import { count } from '../../src/report/index.ts'
import { closeTunnel } from '../../src/tunnel/index.ts'
import type { Run } from '../run.ts'
import type { FetchedFile, Loading } from './context.ts'
import type { KubeconfigEscInputs } from './inputs.ts'
import { savePlacement } from './state.ts'

/**
 * What tells two kubeconfigs of one environment apart: two steps of a job that ask for different ones must not share a file. Not its
 * revision: the path has to stay when the kubeconfig is renewed.
 */
function exactly({ source, read, edits, connect, purpose, dryRun }: KubeconfigEscInputs): string {
  const from =
    source.kind === 'file'
      ? source.path
      : [{ ...source.reference, version: undefined }, source.backendUrl, source.properties.map(formatPropertyPath)]
  return JSON.stringify([from, read.context, edits, connect, purpose === 'verify', dryRun])
}

function wordsOf({ source }: KubeconfigEscInputs): readonly string[] {
  if (source.kind === 'file') return ['runner']
  const { organization, project, environment } = source.reference
  return [organization, project, environment]
}

/** The private folder of this run on the runner: made when it is needed, recorded before it is made, and given back. */
export class Place {
  readonly #run: Run
  readonly nonce = newNonce()
  /** The job's worker: it started this process, and lives as long as the job. */
  readonly worker: ProcessIdentity | undefined = identify(process.ppid)
  #placement: Placement | undefined
  #slug = ''
  #isWritten = false

  constructor(run: Run) {
    this.#run = run
  }

  /** Removes what dead jobs left, then makes the folder, once. */
  async open(inputs: KubeconfigEscInputs): Promise<Placement> {
    if (this.#placement) return this.#placement
    const { runner } = this.#run
    const { temporaryDirectory } = runner
    const { swept, failed } = await sweepPlacements(temporaryDirectory, (folder) => closeTunnel(folder))
    for (const folder of swept) runner.line(`  removed what a dead job had left in ${folder}`)
    for (const { folder, cause } of failed)
      runner.line(`  ! what a dead job left in ${folder} could not be removed: ${cause}`)
    this.#slug = slugOf(wordsOf(inputs), exactly(inputs))
    const placement = await placementOf({
      temporaryDirectory,
      slug: this.#slug,
      nonce: this.nonce,
      label: this.#run.label,
      owner: this.worker,
    })
    savePlacement(runner, { slug: this.#slug, nonce: this.nonce })
    this.#placement = placement
    await placement.claim()
    return placement
  }

  /** Places everything, then says so: outputs and KUBECONFIG of later steps. */
  async write({ run, inputs }: Loading, text: string, files: readonly FetchedFile[]): Promise<void> {
    const { runner } = run
    await run.stage('Place', async (say) => {
      const placement = await this.open(inputs)
      const paths: Record<string, string> = {}
      for (const { name, text: content } of files) paths[name] = await placement.placeFile(name, content)
      const path = await placement.place(text)
      this.#isWritten = true
      run.outputs.kubeconfig = path
      run.outputs.files = JSON.stringify(paths)
      if (inputs.exportEnv) runner.exportVariable('KUBECONFIG', path)
      const also = files.length === 0 ? '' : ` and ${count(files.length, 'file')}`
      say(`  ${path}${also}, readable by this user alone; gone when the job ends`)
      if (inputs.exportEnv) say('  KUBECONFIG leads later steps of this job to it')
    })
  }

  /** Closes the tunnel and removes what was placed. */
  async release(): Promise<void> {
    if (!this.#placement) return
    const { temporaryDirectory } = this.#run.runner
    await releasePlacement({
      temporaryDirectory,
      slug: this.#slug,
      nonce: this.nonce,
      label: this.#run.label,
      beforeRemoval: (folder) => closeTunnel(folder, this.nonce),
    })
    this.#placement = undefined
    this.#isWritten = false
  }

  /**
   * After a failure: nothing stays, and later steps under `continue-on-error` do not meet another cluster that this runner knows.
   * Says what is true now.
   */
  async failClosed(): Promise<string> {
    const { runner } = this.#run
    const wasWritten = this.#isWritten
    let state = wasWritten ? 'what was placed was removed again' : 'nothing was placed on the runner'
    try {
      await this.release()
    } catch (error) {
      state = `what was placed could not be removed at once (${error instanceof Error ? error.message : String(error)}); the end of the job tries again`
    }
    // As text: the inputs themselves may be what failed.
    const says = (name: string, word: RegExp): boolean => word.test(runner.input(name))
    // A word that is neither leaves later steps with whatever cluster this runner knows: only a clear no does that.
    if (says('export-env', /^false$/i) || says('dry-run', /^true$/i)) return state
    runner.exportVariable('KUBECONFIG', sentinelPath(runner.temporaryDirectory))
    return `${state}; KUBECONFIG leads later steps to a file that does not exist, so that none of them meets another cluster`
  }
}
