/**
 * GitHub's own workflow parser and expression language.
 * The parser imports its schemas as JSON without import attributes, which plain Node refuses; the hook adds the attribute.
 */
import { registerHooks } from 'node:module'

try {
  registerHooks({
    load: (url, context, next) =>
      url.endsWith('.json') ? next(url, { ...context, importAttributes: { type: 'json' } }) : next(url, context),
  })
} catch {
  // jest has a module loader of its own, refuses hooks and needs none: it reads JSON as it is.
}

export const {
  parseWorkflow,
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  isBasicExpression,
  isMapping,
  isSequence,
  isString,
} = await import('@actions/workflow-parser')
export const { convertToIfCondition } = await import('@actions/workflow-parser/model/converter/if-condition')
export const { parseAction } = await import('@actions/workflow-parser/actions/action-parser')
export const { data, Evaluator, Lexer, Parser } = await import('@actions/expressions')

export type { TemplateContext } from '@actions/workflow-parser/templates/template-context'
export type { MappingToken, SequenceToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index'
