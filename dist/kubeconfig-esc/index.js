import { run } from '../index.js'
await run('kubeconfig-esc', 'main')
