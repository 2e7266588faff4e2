/**
 * GitHub's own workflow parser and expression language.
 * The parser imports its schemas as JSON without import attributes, which plain Node refuses; the hook adds the attribute.
 * jest has its own module loader, knows no hooks and needs none.
 */
import * as nodeModule from 'node:module'

if (typeof nodeModule.registerHooks === 'function') {
  nodeModule.registerHooks({
    load: (url, context, next) =>
      url.endsWith('.json') ? next(url, { ...context, importAttributes: { type: 'json' } }) : next(url, context),
  })
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
export const { splitAllowedContext } = await import('@actions/workflow-parser/templates/allowed-context')
export const { data, Evaluator, Lexer, Parser } = await import('@actions/expressions')

export type { TemplateContext } from '@actions/workflow-parser/templates/template-context'
export type { MappingToken, SequenceToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index'
