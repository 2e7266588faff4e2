import { run } from '../index.js'
await run('verify-cluster', 'main')
