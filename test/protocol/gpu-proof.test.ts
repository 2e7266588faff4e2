/** What the container of a GPU Job really runs: its shell and its Python, with stand-ins for nvidia-smi and libcuda. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { proofContainer, proofDigest, readProof } from '../../src/gpu/index.ts'
import { proofWord } from '../../src/gpu/proof/digest.ts'

const seed = 3735928559
const fake = resolve('test/fixtures/gpu-proof/fake_libcuda.py')
// The program itself, and not something that looks for it along PATH.
const python = (
  spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout ?? ''
).trim()
// Where a machine has no Python the shell half is still proved; CI has one.
const withPython = python === '' ? it.skip : it

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-proof-'))
  for (const tool of ['sh', 'tr', 'head', 'cat', 'timeout', 'printf'])
    symlinkSync(
      spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim() || `/usr/bin/${tool}`,
      join(folder, tool),
    )
  const count = 1 << 16
  const [before, after] = [Buffer.alloc(4 * count), Buffer.alloc(4 * count)]
  for (let index = 0; index < count; index++) {
    before.writeUInt32LE(Math.imul(index, 2654435761) >>> 0, 4 * index)
    after.writeUInt32LE(proofWord(index, seed), 4 * index)
  }
  writeFileSync(
    join(folder, 'result'),
    Buffer.concat([Buffer.from(`${seed} ${count} 64\n${before.length}\n`), before, after]),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

interface World {
  /** Text and exit code of nvidia-smi; undefined: there is none. */
  readonly smi?: { readonly said: string; readonly code?: number }
  readonly hasPython?: boolean
  readonly cuda?: string
  readonly steps?: 'all' | 'device'
  /** What stands in for Python. */
  readonly program?: string
  /** Path of what stands in for a CUDA sample. */
  readonly sample?: string
}

function prove({ smi, hasPython = true, cuda = '', steps = 'all', program: python3, sample }: World) {
  for (const name of ['nvidia-smi', 'python3']) rmSync(join(folder, name), { force: true })
  const program = (name: string, text: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  if (smi) {
    writeFileSync(join(folder, 'smi.txt'), smi.said)
    program(
      'nvidia-smi',
      `case $* in *query-gpu*) cat '${folder}/smi.txt'; exit ${smi.code ?? 0} ;; *) echo '| NVIDIA-SMI 575.51.03   Driver Version: 575.51.03   CUDA Version: 12.9     |' ;; esac`,
    )
  }
  // The text that is given with -c, behind the stand-in for the library.
  if (hasPython && python !== '') program('python3', `exec ${python} -c "$(cat '${fake}')\n$2"`)
  if (python3 !== undefined) program('python3', python3)
  const { command, env } = proofContainer(seed, steps)
  const [file = '', ...words] = command.map((word) =>
    word.replace('=/cuda-samples/sample\n', `=${sample ?? '/none'}\n`),
  )
  const ran = spawnSync(file, words, {
    env: { ...env, PATH: folder, FAKE_CUDA: cuda, FAKE_RESULT: join(folder, 'result') },
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  return readProof(ran.stdout, seed)
}

const one = 'GPU-4c1a2b3d-0000-4000-8000-000000000001, 575.51.03, 24564, 312, NVIDIA GeForce RTX 4090\n'

describe('what nvidia-smi says in the container', () => {
  it.each<[string, World, object]>([
    [
      'a GPU',
      { smi: { said: one } },
      {
        exit: 0,
        said: '',
        cuda: '12.9',
        gpus: [
          {
            uuid: 'GPU-4c1a2b3d-0000-4000-8000-000000000001',
            name: 'NVIDIA GeForce RTX 4090',
            driver: '575.51.03',
            totalMiB: 24564,
            usedMiB: 312,
          },
        ],
      },
    ],
    [
      'two, one with commas and quotes in its name, and memory that is not told',
      { smi: { said: `${one}GPU-00000000-1111, 1.0, [N/A], [N/A], A "B", C\\ $(x) \u001b[31m\n` } },
      { gpus: [{}, { uuid: 'GPU-00000000-1111', name: 'A B, C (x) [31m', driver: '1.0' }] },
    ],
    [
      'that the libraries do not fit',
      {
        smi: {
          said: 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 575.57',
          code: 18,
        },
      },
      {
        exit: 18,
        gpus: [],
        cuda: '',
        said: 'Failed to initialize NVML: Driver/library version mismatch NVML library version: 575.57',
      },
    ],
    ['nothing, not being there', {}, { exit: 127, gpus: [], said: 'nvidia-smi is not in the container' }],
    [
      'hostile things',
      {
        smi: {
          said: `"}\n::error::x\nk3s-gpu-actions/gpu-proof {"fact":"device","seed":"${seed}","exit":0,"gpus":[]}\n`,
          code: 1,
        },
      },
      { exit: 1, gpus: [] },
    ],
  ])('%s', (_, world, expected) => {
    const proof = prove({ ...world, steps: 'device' })
    expect(proof.device).toMatchObject(expected)
    expect(proof.compute).toBeUndefined()
  })
})

describe('what is computed', () => {
  withPython('copies to the GPU, launches the kernel, copies back, and tells the digest', () => {
    const { compute } = prove({ smi: { said: one } })
    expect(compute).toMatchObject({
      by: 'libcuda',
      code: '',
      cuda: 12090,
      gpus: [
        {
          uuid: 'GPU-00010203-0405-0607-0809-0a0b0c0d0e0f',
          name: 'NVIDIA GeForce RTX 4090',
          capability: '8.9',
          digest: proofDigest(seed),
        },
      ],
    })
  })

  const full = one.replace(', 312,', ', 24000,')
  withPython.each<[string, World, object]>([
    [
      'no memory for a context',
      { smi: { said: one }, cuda: 'memory' },
      { code: 'CUDA_ERROR_OUT_OF_MEMORY', said: 'cuDevicePrimaryCtxRetain: its words', gpus: [{ digest: '' }] },
    ],
    [
      'a card that is nearly full, so that nothing is tried',
      { smi: { said: full } },
      { code: 'no-memory', said: '564 MiB are free', gpus: [] },
    ],
    [
      'a kernel that fails',
      { smi: { said: one }, cuda: 'launch' },
      { code: 'CUDA_ERROR_ILLEGAL_ADDRESS', gpus: [{ digest: '' }] },
    ],
    [
      'a driver that does not start',
      { smi: { said: one }, cuda: 'unknown' },
      { code: 'CUDA_ERROR_UNKNOWN', said: 'cuInit: its words' },
    ],
    ['no GPU for CUDA', { smi: { said: one }, cuda: 'none' }, { code: 'CUDA_ERROR_NO_DEVICE' }],
    ['no library', { smi: { said: one }, cuda: 'no-library' }, { code: 'no-libcuda' }],
  ])('says why not: %s', (_, world, expected) => {
    expect(prove(world).compute).toMatchObject(expected)
  })

  it.each([
    ['a driver that ends the program', 'kill -SEGV $$', { by: 'none', code: 'crashed' }],
    [
      'a Python that lacks something',
      'exit 1',
      { by: 'none', code: 'no-python', said: 'python3 ended with exit code 1' },
    ],
  ])('tells apart %s', (_, program, expected) => {
    expect(prove({ smi: { said: one }, program }).compute).toMatchObject(expected)
  })

  const two = `${one}${one.replace('-000000000001,', '-000000000002,')}`
  it.each([
    ['both compute', 'true', '', 2],
    ['one does', 'case $CUDA_VISIBLE_DEVICES in *1) ;; *) exit 2 ;; esac', 'sample-failed', 1],
  ])("runs NVIDIA's sample on each GPU in turn: %s", (_, condition, code, number) => {
    const sample = join(folder, 'sample')
    writeFileSync(sample, `#!/bin/sh\n${condition}\necho 'Test PASSED'\n`, { mode: 0o755 })
    const { compute } = prove({ smi: { said: two }, hasPython: false, sample })
    expect(compute).toMatchObject({ by: 'sample', code })
    expect(compute?.gpus).toHaveLength(number)
  })

  it('says so where there is nothing to compute with', () => {
    expect(prove({ smi: { said: one }, hasPython: false }).compute).toMatchObject({ by: 'none', code: 'no-python' })
  })
})
