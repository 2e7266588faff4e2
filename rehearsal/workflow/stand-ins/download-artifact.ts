/**
 * actions/download-artifact (v8.0.1): what an earlier job of the same run has kept.
 * Read in actions/download-artifact: action.yml, src/download-artifact.ts.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'
import type { StandIn } from './model.ts'

export const downloadArtifact: StandIn = {
  inputs: {
    name: '',
    'artifact-ids': '',
    path: '',
    pattern: '',
    'merge-multiple': 'false',
    'github-token': '',
    repository: '',
    'run-id': '',
    'skip-decompress': 'false',
    'digest-mismatch': 'error',
  },
  async main(run) {
    const { name = '', pattern = '', path = '' } = run.inputs
    const refuse = (reason: string): never => {
      throw new Error(`Unable to download artifact(s): ${reason}`)
    }
    for (const input of ['artifact-ids', 'github-token'] as const)
      if (run.inputs[input]) refuse(`the rehearsal has only artifacts of this run, by name; not by ${input}`)
    if (name !== '' && run.artifacts[name] === undefined)
      refuse(
        `Artifact not found for name: ${name}\n        Please ensure that your artifact is not expired and the artifact was uploaded using a compatible version of toolkit/upload-artifact.\n        For more information, visit the GitHub Artifacts FAQ: https://github.com/actions/toolkit/blob/main/packages/artifact/docs/faq.md`,
      )
    const target = resolve(run.workspace, path.replace(/^~/, run.home))
    const wanted = Object.entries(run.artifacts).filter(([key]) =>
      name !== '' ? key === name : pattern === '' || matchesGlob(key, pattern),
    )
    mkdirSync(target, { recursive: true })
    for (const [key, folder] of wanted) {
      const isAlone = name !== '' || wanted.length === 1 || run.inputs['merge-multiple'] === 'true'
      cpSync(folder, isAlone ? target : join(target, key), { recursive: true })
    }
    run.line(`Total of ${wanted.length} artifact(s) downloaded (stand-in for actions/download-artifact)`)
    run.output('download-path', target)
  },
}
