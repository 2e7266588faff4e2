/** The sites that can be rehearsed: a cluster each, with the machines that join it. */
import { goldentooth } from './goldentooth.ts'
import { k3s2 } from './k3s2.ts'
import type { Site, SiteMachine, SiteName } from './model.ts'
import { oceanid } from './oceanid.ts'

export type { Site, SiteMachine, SiteName, SiteNode } from './model.ts'
export { goldentooth, oceanid }

const sites: Readonly<Record<SiteName, Site>> = { oceanid, goldentooth, k3s2 }

/** @throws Error for a site that nobody has built */
export function siteOf(name: SiteName = 'oceanid'): Site {
  const site = sites[name]
  if (site === undefined) throw new Error(`the rehearsal has no site ${name}`)
  return site
}

/** The machine of that name, or the site's first. @throws Error for a machine that the site does not have */
export function machineOf(site: Site, name?: string): SiteMachine {
  const machine = name === undefined ? site.machines[0] : site.machines.find((one) => one.name === name)
  if (machine === undefined) throw new Error(`${site.name} has no machine ${name}`)
  return machine
}
