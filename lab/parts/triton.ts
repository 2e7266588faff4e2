/**
 * The Triton server on the processor, from NVIDIA's own Python package, with its python backend. It needs no GPU, no container
 * and no network, and it is the one part that the rest does without. The backend writes `__pycache__` beside a model's file:
 * models are copied to a folder of the lab before a server gets them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Missing, TritonPart } from '../contract.ts'
import { type Place, take } from './cache.ts'
import { openWorkshop, PartError, type Workshop } from './workshop.ts'

/** Goes into the key of this part: changes with how the folders are laid out. */
const edition = '2'
const parts = join(repositoryRoot, 'lab', 'parts')
const requirements = join(parts, 'triton-requirements.txt')

interface Python {
  readonly program: string
  /** `3.11` */
  readonly version: string
  /** Folder of its libpython; empty: there is none. */
  readonly library: string
  readonly pip: boolean
}

/** Never throws for what this machine or its registry lacks; only when it was told to stop. */
export async function takeTriton(place: Place): Promise<TritonPart | Missing> {
  const python = await findPython(place)
  if ('missing' in python) return python
  try {
    const folder = await take(
      {
        part: 'triton',
        title: 'Triton server',
        from: [edition, process.arch, python.program, python.version, python.library, readFileSync(requirements)],
        make: (workshop, target) => install(workshop, python, target),
      },
      place,
    )
    return tritonPart(folder, python)
  } catch (error) {
    if (place.signal?.aborted || !(error instanceof Error)) throw error
    const log = join(place.cache, 'logs', 'triton.log')
    return { missing: `the Triton server could not be had: ${error.message.split('\n')[0]} (log: ${log})` }
  }
}

/** The system's own Python first: Debian's packages put libpython where its own interpreter expects it. */
async function findPython(place: Place): Promise<Python | Missing> {
  const workshop = await openWorkshop('python', join(place.cache, 'logs', 'python.log'), place.signal)
  const reasons: string[] = []
  try {
    for (const program of ['/usr/bin/python3', 'python3']) {
      const text = await workshop
        .run({ program, arguments: [join(parts, 'triton-python.py')] })
        .catch((error: unknown) => {
          if (workshop.isStopped()) throw error
          return undefined
        })
      if (text === undefined) {
        reasons.push(`${program} cannot be started`)
        continue
      }
      const python: Python = { program, ...(JSON.parse(text) as Omit<Python, 'program'>) }
      if (python.library !== '' && python.pip) return python
      reasons.push(`${program} (${python.version}) has no ${python.library === '' ? 'libpython' : 'pip'}`)
    }
  } finally {
    await workshop.close()
  }
  return { missing: `the Triton server needs a Python with libpython and pip: ${reasons.join('; ')}` }
}

async function install(workshop: Workshop, python: Python, folder: string): Promise<void> {
  const site = join(folder, 'site')
  const exactly = ['--no-deps', '--only-binary=:all:', '--require-hashes', `--requirement=${requirements}`]
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile', '--root-user-action=ignore']
  await workshop.run({
    program: python.program,
    arguments: ['-m', 'pip', 'install', ...quietly, ...exactly, `--target=${site}`],
  })
  const server = join(site, 'pytriton', 'tritonserver')
  const stub = join(server, 'python_backend_stubs', python.version, 'triton_python_backend_stub')
  if (!existsSync(stub)) throw new PartError(`triton: the server has no stub for Python ${python.version}`)
  const backends = join(folder, 'backends')
  await mkdir(backends)
  await cp(join(server, 'backends'), backends, { recursive: true })
  const backend = join(backends, 'python')
  await copyFile(stub, join(backend, 'triton_python_backend_stub'))
  // The stub's interpreter looks at no PYTHON* variable, but it does look where its own module lies.
  for (const name of ['numpy', 'numpy.libs']) await rename(join(site, name), join(backend, name))
  // Otherwise the first lab would write into the tree that others read.
  await workshop.run({ program: python.program, arguments: ['-m', 'compileall', '-q', '-x', 'tests', backend] })
}

function tritonPart(folder: string, python: Python): TritonPart {
  const site = join(folder, 'site')
  return {
    program: join(site, 'pytriton', 'tritonserver', 'bin', 'tritonserver'),
    backends: join(folder, 'backends'),
    environment: { LD_LIBRARY_PATH: `${python.library}:${join(site, 'nvidia_pytriton.libs')}` },
  }
}
