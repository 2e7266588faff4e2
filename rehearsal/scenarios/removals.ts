/** The button that takes calypso out of oceanid, pressed on a node that works for the cluster. */
import type { Scenario } from './model.ts'

const removal = {
  workflow: '.github/workflows/remove-calypso.yml',
  calypso: 'joined-by-us',
  machine: { hasWork: true },
  isOfRemoval: true,
} as const

export const removals: readonly Scenario[] = [
  {
    ...removal,
    name: 'remove',
    shows:
      'calypso leaves oceanid: its pods go where they may, its volume is detached, k3s is uninstalled, and its node is gone',
    inputs: { node: 'calypso' },
    result: 'removed',
    log: [/shop\/web-/, /shop\/db-0/],
  },
  {
    ...removal,
    name: 'remove-again',
    shows: 'the button is pressed a second time: nothing to do',
    inputs: { node: 'calypso' },
    isPressedTwice: true,
    result: 'unchanged',
  },
  {
    ...removal,
    name: 'remove-dry-run',
    shows: 'what a removal would do, with every pod that would have to go, and nothing changed',
    inputs: { 'dry-run': true },
    result: 'planned',
    log: [/shop\/web-/, /shop\/db-0/, /1 stay \(DaemonSet\)/],
  },
  {
    ...removal,
    name: 'remove-gone',
    shows: 'calypso is gone for good, and somebody says so: only the cluster is cleared of it',
    done: ['remove-unreachable'],
    inputs: { node: 'calypso', 'host-gone': true },
    result: 'removed',
  },
]
