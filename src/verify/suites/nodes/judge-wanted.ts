import { isIP } from 'node:net'
import { formatTaint, type NodeState } from '../../../kubernetes/index.ts'
import { distributionOf } from '../../distribution.ts'
import type { ExpectedNode, Finding, VerifyWish } from '../../model.ts'
import { typed } from '../../words.ts'

/** A kubelet may be this many minor versions older than its server, and none newer (kubernetes.io: releases/version-skew-policy). */
const mostMinorsBehind = 3

type Expected = Readonly<Record<string, ExpectedNode>>

const about = (subject: string, found: string, verdict: Finding['verdict'], more: Partial<Finding> = {}): Finding => ({
  namespace: '',
  subject,
  found,
  verdict,
  ...more,
})

/** Nodes that are named, for which nobody has to look far. */
export function findStrangers(
  nodes: readonly NodeState[],
  expected: Expected | undefined,
  only: readonly string[],
): readonly Finding[] {
  const present = new Set(nodes.map(({ name }) => name))
  const wanted = only.length > 0 ? only : Object.keys(expected ?? {})
  const missing = wanted
    .filter((name) => !present.has(name))
    .map((name) =>
      about(name, 'is no node of this cluster', 'fail', {
        cause: 'it never joined, was deleted, or registered under another name',
        remedy: `join it: press the join workflow for ${typed(name, 'node')}`,
      }),
    )
  if (only.length > 0 || expected === undefined) return missing
  const strangers = nodes
    .filter(({ name }) => !Object.hasOwn(expected, name))
    .map(({ name, createdAt }) =>
      about(name, 'is not in the cluster file', 'warn', {
        cause: 'somebody joined it by hand, or it was taken out of the file and not out of the cluster',
        remedy: `add it under nodes: in the cluster file, or kubectl delete node ${typed(name, 'node')}`,
        evidence: [`created ${createdAt}`],
      }),
    )
  return [...missing, ...strangers]
}

interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
}

function versionOf(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(text) ?? []
  return patch === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

/** A version that somebody asks for by name; empty: whatever the server has. */
export function wantedVersion(version: string): string {
  return version === 'match-server' ? '' : version
}

export function findVersions(nodes: readonly NodeState[], server: string, wish: VerifyWish): readonly Finding[] {
  const known = versionOf(server)
  return nodes.flatMap((node) => {
    const has = node.kubeletVersion
    const wanted = wantedVersion(wish.expected?.[node.name]?.version ?? '') || wantedVersion(wish.version)
    const own = versionOf(has)
    // Where the node's packages are its owner's, no join changes them.
    const remedy =
      distributionOf(has, wish.distribution) === 'k3s'
        ? `press the join workflow for ${typed(node.name, 'node')}`
        : `on ${typed(node.name, 'node')}: install kubeadm and kubelet of that version, sudo kubeadm upgrade node, restart kubelet`
    if (known && own && (own.major !== known.major || own.minor > known.minor)) {
      const cause = 'a kubelet must not be newer than its server; nothing else complains, until something breaks'
      return about(node.name, `${has} is newer than the server (${server})`, 'fail', {
        cause,
        remedy: 'upgrade the servers first, or bring this node back to their version',
      })
    }
    if (known && own && known.minor - own.minor > mostMinorsBehind) {
      const cause = `a kubelet may be ${mostMinorsBehind} minor versions behind its server at most`
      return about(node.name, `${has} is too old for the server (${server})`, 'fail', { cause, remedy })
    }
    if (wanted !== '' && has !== wanted) {
      const cause = 'it was never upgraded, or by somebody else to another version'
      return about(node.name, `has ${has || 'no version'}, wanted is ${wanted}`, 'fail', { cause, remedy })
    }
    if (wanted === '' && has !== server) {
      const cause = 'server and agent were upgraded at different times'
      return about(node.name, `has ${has || 'no version'}, the server ${server}`, 'warn', { cause, remedy })
    }
    return []
  })
}

/** Each node of the file that is there, with what the file wants of it. */
function pairs(nodes: readonly NodeState[], expected: Expected): readonly (readonly [NodeState, ExpectedNode])[] {
  return nodes.flatMap((node) => {
    const wanted = Object.hasOwn(expected, node.name) ? expected[node.name] : undefined
    return wanted === undefined ? [] : [[node, wanted] as const]
  })
}

export function findLabels(nodes: readonly NodeState[], expected: Expected): readonly Finding[] {
  return pairs(nodes, expected).flatMap(([node, { labels }]) => {
    const wrong = Object.entries(labels).filter(([key, value]) => node.labels[key] !== value)
    if (wrong.length === 0) return []
    const isThere = ([key]: readonly [string, string]) => Object.hasOwn(node.labels, key)
    return about(node.name, `lacks ${wrong.map(([key, value]) => `${key}=${value}`).join(', ')}`, 'fail', {
      cause: wrong.some(isThere)
        ? 'somebody gave the label another value'
        : 'somebody removed the label, or it was never set',
      remedy: `kubectl label node ${typed(node.name, 'node')} --overwrite ${wrong.map(([key, value]) => `${key}=${value}`).join(' ')}`,
      evidence: wrong.filter(isThere).map(([key]) => `has ${key}=${node.labels[key]}`),
    })
  })
}

export function findTaints(nodes: readonly NodeState[], expected: Expected): readonly Finding[] {
  return pairs(nodes, expected).flatMap(([node, { taints }]) => {
    const present = new Set(node.taints.map(formatTaint))
    const wrong = taints.map(formatTaint).filter((taint) => !present.has(taint))
    if (wrong.length === 0) return []
    return about(node.name, `lacks ${wrong.join(', ')}`, 'fail', {
      cause: 'somebody removed the taint: pods that do not belong there may be scheduled on it',
      remedy: `kubectl taint node ${typed(node.name, 'node')} --overwrite ${wrong.join(' ')}`,
      evidence: [`has ${[...present].join(', ') || 'no taints'}`],
    })
  })
}

/** Two nodes with one address answer for each other; an address that is not the file's may be one that the servers cannot reach. */
export function findAddresses(nodes: readonly NodeState[], expected: Expected): readonly Finding[] {
  const byAddress = Map.groupBy(
    nodes.flatMap((node) => node.internalIps.map((address) => ({ address, name: node.name }))),
    ({ address }) => address,
  )
  const shared = [...byAddress].flatMap(([address, holders]) => {
    const names = [...new Set(holders.map(({ name }) => name))]
    if (names.length < 2) return []
    return names.map((name) =>
      about(name, `shares its address ${address} with another node`, 'fail', {
        cause: 'a copied machine, an old Node of a machine that was renamed, or `node-ip` of another interface',
        remedy: 'kubectl get nodes -o wide; delete the Node that is no machine any more, or set node-ip',
        evidence: [`${address}: ${names.slice(0, 10).join(', ')}`],
      }),
    )
  })
  const other = pairs(nodes, expected).flatMap(([node, { address }]) => {
    const addresses = [...node.internalIps, ...node.externalIps]
    // A name in the file may be any of them: nobody looks names up here.
    if (isIP(address) === 0 || addresses.includes(address)) return []
    return about(node.name, `has ${addresses.join(', ') || 'no address'}, the cluster file says ${address}`, 'warn', {
      cause: 'the machine moved, has several interfaces, or is reached through another address than the cluster uses',
      remedy: `set node-ip: ${address} for ${typed(node.name, 'node')} in the cluster file, or correct its address`,
    })
  })
  return [...shared, ...other]
}
