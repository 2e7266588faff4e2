import { describe, expect, it } from '@jest/globals'
import { formatTaint, parseTaint } from '../../src/kubernetes/index.ts'

describe('a taint', () => {
  it.each([
    ['workload-type=gpu-compute:NoSchedule', { key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
    ['nvidia.com/gpu:NoExecute', { key: 'nvidia.com/gpu', effect: 'NoExecute' }],
    ['a=1.2_3:PreferNoSchedule', { key: 'a', value: '1.2_3', effect: 'PreferNoSchedule' }],
  ])('%s is read and written back', (text, taint) => {
    expect(parseTaint(text)).toEqual(taint)
    expect(formatTaint(parseTaint(text))).toBe(text)
  })

  it('with an empty value is the same as without one', () => {
    expect(parseTaint('a=:NoSchedule')).toEqual({ key: 'a', effect: 'NoSchedule' })
  })

  it.each([
    '',
    'a',
    'a:noschedule',
    ':NoSchedule',
    '=b:NoSchedule',
    'a=b=c:NoSchedule',
    'a/b/c:NoSchedule',
    'Upper.Case/x:NoSchedule',
    '-a:NoSchedule',
    `${'a'.repeat(64)}:NoSchedule`,
    'a=b c:NoSchedule',
    'a\n::set-output:NoSchedule',
  ])('%j is refused with the form', (text) => {
    expect(() => parseTaint(text)).toThrow(/write it as key=value:Effect/)
  })
})
