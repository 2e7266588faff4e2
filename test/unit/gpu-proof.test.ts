/** The proof of a GPU Job: what its kernel computes, what is read of its log, and which image it runs in. */
import { describe, expect, it } from '@jest/globals'
import { imageOnNode, proofContainer, proofDigest, proofMark, readProof } from '../../src/gpu/index.ts'
import { proofWord } from '../../src/gpu/proof/digest.ts'
import { scripts } from '../../src/gpu/proof/scripts.generated.ts'

/** Runs the instructions of kernel.ptx for one thread, with its word of memory: no GPU, but the text that GPUs get. */
function interpret(ptx: string, index: number, memory: number, seed: number, count: number, rounds: number): number {
  const body = ptx.slice(ptx.indexOf('{') + 1, ptx.lastIndexOf('}'))
  const lines = body.split(/[;\n]/).flatMap((line) => {
    const [label, rest] = /^\s*(\w+):(.*)$/.exec(line)?.slice(1) ?? [undefined, line]
    return [...(label ? [`${label}:`] : []), (rest ?? '').trim()].filter((one) => one !== '' && !one.startsWith('.reg'))
  })
  const registers = new Map<string, number>()
  const special: Record<string, number> = { '%ctaid.x': index >> 8, '%ntid.x': 256, '%tid.x': index & 255 }
  const parameters: Record<string, number> = { '[data]': 0, '[seed]': seed, '[count]': count, '[rounds]': rounds }
  const single = new DataView(new ArrayBuffer(4))
  const value = (name: string): number => {
    if (name in special) return special[name] ?? 0
    if (name in parameters) return parameters[name] ?? 0
    if (name.startsWith('0f')) {
      single.setUint32(0, Number.parseInt(name.slice(2), 16))
      return single.getFloat32(0)
    }
    const known = name.startsWith('%') ? registers.get(name) : Number(name)
    if (known === undefined) throw new Error(`${name} is read before it is written`)
    return known
  }
  let word = memory
  for (let at = 0, steps = 0; at < lines.length; at++) {
    if (++steps > 10_000) throw new Error('it does not end')
    const line = lines[at] ?? ''
    if (line.endsWith(':')) continue
    const jump = /^@(%p\d) bra (\w+)$/.exec(line)
    if (jump) {
      if (value(jump[1] ?? '') === 1) at = lines.indexOf(`${jump[2]}:`)
      continue
    }
    const [operation = '', rest = ''] = line.split(/\s+(.*)/)
    const [to = '', ...from] = rest.split(/,\s*/)
    const [a = 0, b = 0, c = 0] =
      operation === 'st.global.u32' ? [] : from.map((one) => (/^\[%/.test(one) ? 0 : value(one)))
    const results: Record<string, () => number> = {
      'ld.param.u64': () => a,
      'ld.param.u32': () => a,
      'mov.u32': () => a,
      'cvta.to.global.u64': () => a,
      'mul.wide.u32': () => a * b,
      'add.u64': () => a + b,
      'mad.lo.u32': () => (Math.imul(a, b) + c) >>> 0,
      'add.u32': () => (a + b) >>> 0,
      'xor.b32': () => (a ^ b) >>> 0,
      'and.b32': () => (a & b) >>> 0,
      'shr.u32': () => a >>> b,
      'setp.ge.u32': () => Number(a >= b),
      'setp.lt.u32': () => Number(a < b),
      'cvt.rn.f32.u32': () => Math.fround(a),
      'fma.rn.f32': () => Math.fround(a * b + c),
      'cvt.rzi.u32.f32': () => Math.trunc(a),
    }
    if (operation === 'ret') return word
    if (operation === 'st.global.u32') {
      expect(value(/%\w+/.exec(to)?.[0] ?? '')).toBe(4 * index)
      word = value(from[0] ?? '')
    } else if (operation === 'ld.global.u32') registers.set(to, memory)
    else {
      const result = results[operation]
      if (result === undefined) throw new Error(`unknown instruction ${operation}`)
      registers.set(to, result())
    }
  }
  return word
}

describe('the computation', () => {
  it('is the same in the text that the GPU gets and in what it is compared with', () => {
    const start = (index: number): number => Math.imul(index, 2654435761) >>> 0
    for (const seed of [0, 1, 3735928559]) {
      for (const index of [0, 1, 255, 256, 40_000, 65_535])
        expect(interpret(scripts.kernel, index, start(index), seed, 1 << 16, 64)).toBe(proofWord(index, seed))
    }
    // Behind the last word nothing is touched.
    expect(interpret(scripts.kernel, 1 << 16, 7, 1, 1 << 16, 64)).toBe(7)
  })

  it('has the digest that a C program gave for the same seed, and another for another seed', () => {
    expect(proofDigest(3735928559)).toBe('c00e0321f8b3c0db')
    expect(proofDigest(3735928560)).not.toBe(proofDigest(3735928559))
  })

  it('holds nothing that Kubernetes would replace in a command or an environment', () => {
    const { command, env } = proofContainer(1, 'all')
    for (const text of [...command, ...Object.values(env)]) {
      expect(text).not.toContain('$$')
      for (const name of Object.keys(env)) expect(text).not.toContain(`$(${name})`)
    }
  })

  it('computes nothing, and sees all GPUs, where it only looks', () => {
    expect(proofContainer(1, 'device').env).toMatchObject({ PROOF_STEPS: 'device', NVIDIA_VISIBLE_DEVICES: 'all' })
    expect(proofContainer(1, 'all').env.NVIDIA_VISIBLE_DEVICES).toBeUndefined()
  })
})

const uuid = 'GPU-4c1a2b3d-0000-4000-8000-000000000001'
const line = (fact: object): string => `${proofMark} ${JSON.stringify({ seed: '7', ...fact })}`
const device = {
  fact: 'device',
  exit: 0,
  said: '',
  cuda: '12.9',
  gpus: [{ uuid, name: 'RTX', driver: '575.51.03', total: 24564, used: 312 }],
}

describe('readProof', () => {
  it('reads both facts among other lines, and takes the last of each', () => {
    const log = [
      'hello',
      line({ ...device, cuda: '1.0' }),
      line(device),
      line({
        fact: 'compute',
        by: 'libcuda',
        code: '',
        said: '',
        cuda: 12090,
        gpus: [{ uuid, name: 'RTX', capability: '8.9', digest: '0123456789abcdef' }],
      }),
    ].join('\n')
    const proof = readProof(log, 7)
    expect(proof.device).toEqual({
      fact: 'device',
      exit: 0,
      said: '',
      cuda: '12.9',
      gpus: [{ uuid, name: 'RTX', driver: '575.51.03', totalMiB: 24564, usedMiB: 312 }],
    })
    expect(proof.compute?.gpus).toEqual([{ uuid, name: 'RTX', capability: '8.9', digest: '0123456789abcdef' }])
  })

  it.each([
    ['another seed', line({ ...device, seed: '8' })],
    ['no seed', `${proofMark} {"fact":"device","gpus":[]}`],
    ['a broken line', `${proofMark} {"fact":"device","seed":"7"`],
    ['no object', `${proofMark} ["device"]`],
    ['the mark in the middle', `x ${line(device)}`],
    ['an unknown fact', line({ fact: 'verdict', verdict: 'pass' })],
    ['a line without end', line({ ...device, said: 'x'.repeat(20_000) })],
    ['a prototype', `${proofMark} {"__proto__":{"seed":"7","fact":"device"}}`],
  ])('takes no fact from %s', (_, log) => {
    expect(readProof(log, 7)).toEqual({})
  })

  it('keeps hostile values in their bounds', () => {
    const gpus = Array.from({ length: 500 }, () => ({
      uuid: `GPU-\u001b[31m${'x'.repeat(900)}`,
      name: '::error::x\n',
      driver: { a: 1 },
    }))
    const { device: read } = readProof(
      line({
        fact: 'device',
        exit: 'zero',
        said: ['a'],
        cuda: '12.9; rm',
        gpus: [...gpus, ...device.gpus].slice(-60),
      }).slice(0, 16_000),
      7,
    )
    expect(read).toBeUndefined()
    const short = readProof(
      line({
        fact: 'device',
        exit: 1e99,
        said: `a\u202eb\n${'c'.repeat(999)}`,
        cuda: '12.9; rm',
        gpus: [gpus[0], null, 4, ...device.gpus],
      }),
      7,
    ).device
    expect(short).toMatchObject({ exit: -1, cuda: '', gpus: [{ uuid }] })
    expect(short?.said).toMatch(/^a b c{296}$/)
  })

  it('does not count a computation without a code as carried out', () => {
    const { compute } = readProof(line({ fact: 'compute', by: 'magic', gpus: [{ digest: 'PASSED' }] }), 7)
    expect(compute).toMatchObject({ by: 'none', code: 'unreadable', gpus: [{ digest: '' }] })
  })
})

describe('imageOnNode', () => {
  const triton = 'nvcr.io/nvidia/tritonserver:25.08-py3'
  it.each<[string, readonly string[], string | undefined]>([
    ['Triton before plain Python', ['docker.io/library/python:3.12-slim', triton], triton],
    [
      'a tag before a digest',
      ['docker.io/library/python@sha256:ab', 'docker.io/library/python:3.12'],
      'docker.io/library/python:3.12',
    ],
    ['a digest when there is no tag', ['docker.io/library/python@sha256:ab'], 'docker.io/library/python@sha256:ab'],
    ['a registry with a port', ['registry:5000/team/python:3'], 'registry:5000/team/python:3'],
    [
      'vectorAdd before what only lists',
      ['ubuntu:24.04', 'nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0'],
      'nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0',
    ],
    ['an image that can only list', ['nvidia/cuda:12.9.0-base-ubuntu24.04'], 'nvidia/cuda:12.9.0-base-ubuntu24.04'],
    ['no musl', ['docker.io/library/python:3.12-alpine', 'rancher/klipper-lb:v0.4.9'], undefined],
    ['no other sample', ['nvcr.io/nvidia/k8s/cuda-sample:nbody'], undefined],
    ['no hostile name', ['python:3 --privileged', 'python:3\n::error::'], undefined],
  ])('chooses %s', (_, images, expected) => {
    expect(imageOnNode(images)?.image).toBe(expected)
    expect(imageOnNode([...images].reverse())?.image).toBe(expected)
  })
})
