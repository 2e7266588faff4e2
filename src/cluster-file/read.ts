import { readYaml } from './document.ts'
import type { ClusterFile, ClusterFileContent } from './file.ts'
import { formatProblem, type Problem } from './problem.ts'
import { schemaProblems } from './schema-problems.ts'
import { valueProblems } from './value-problems.ts'

/** A cluster file with something wrong in it. `problems` has everything, in the order of the file. */
export class ClusterFileError extends Error {
  override readonly name = 'ClusterFileError'
  readonly code = 'cluster-file-invalid'
  override readonly cause = 'the cluster file is not as its schema and Kubernetes want it'
  readonly remedy = 'correct every place that is listed'
  readonly problems: readonly Problem[]
  readonly evidence: readonly string[]

  constructor(path: string, problems: readonly Problem[]) {
    super(`${path} has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`)
    this.problems = problems
    this.evidence = problems.map(formatProblem)
  }
}

/** Order of the file: by line and column of `path:line:column …`. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const positionOf = (problem: Problem): readonly [number, number] => {
    const [, line = '0', column = '0'] = /:(\d+):(\d+)(?: |$)/.exec(problem.input) ?? []
    return [Number(line), Number(column)]
  }
  return [...problems].sort((a, b) => {
    const [lineA, columnA] = positionOf(a)
    const [lineB, columnB] = positionOf(b)
    return lineA - lineB || columnA - columnB
  })
}

/**
 * Reads a cluster file. `path` is only what messages call it.
 * Throws ClusterFileError with every problem at once, each with line and column; syntax errors come alone, because
 * nothing can be said about what could not be read.
 */
export function readClusterFile(text: string, path: string): ClusterFile {
  const read = readYaml(text, path)
  if ('problems' in read) throw new ClusterFileError(path, inOrder(read.problems))
  const values = valueProblems(read.yaml)
  const problems = [...schemaProblems(read.yaml, new Set(values.map((problem) => problem.input))), ...values]
  if (problems.length > 0) throw new ClusterFileError(path, inOrder(problems))
  return { path, content: read.yaml.content as ClusterFileContent, at: (place) => read.yaml.at(place) }
}
