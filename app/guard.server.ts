import { data, type ActionFunctionArgs, type AppLoadContext, type LoaderFunctionArgs } from '@remix-run/node'
import { Refusal } from '#db/refusal.ts'
import { isUnavailable } from '#db/unavailable.ts'
import type { Database } from '#db/database.ts'
import type { FileStore } from '#db/file-store.ts'
import { may, type Action } from './permissions.ts'
import type { RefusalData } from './refusal.ts'
import { requireViewer, type SignedIn } from './viewer.server.ts'

/** What a guarded loader or action gets beside Remix's own arguments. */
export interface GuardedArgs extends LoaderFunctionArgs, SignedIn {
  db: Database
  files: FileStore
}

/** Forms without files, bytes. */
const ordinaryForm = 1_000_000

const guardMark = Symbol('guard')

/**
 * A loader behind the permission table. A Refusal thrown in it becomes the error page with its status; anything else an
 * error page with a code to quote, and a line in the log.
 */
export function guardedLoader<T>(action: Action, work: (args: GuardedArgs) => Promise<T> | T) {
  const loader = async (args: LoaderFunctionArgs): Promise<T> => {
    try {
      return await work(await admit(args, action))
    } catch (error) {
      if (error instanceof Response) throw error
      const refusal = refusalOf(error, args.context)
      throw Response.json(refusal, { status: refusal.status })
    }
  }
  return mark(loader, action)
}

type Refused = ReturnType<typeof data<{ refusal: RefusalData }>>

/**
 * An action behind the permission table. A Refusal thrown in it becomes `{ refusal }` as the action's data, with its
 * status, for the form to show (`useRefusal`). `maxBytes` is for forms with files.
 */
export function guardedAction<T>(
  action: Action,
  work: (args: GuardedArgs) => Promise<T> | T,
  { maxBytes = ordinaryForm }: { maxBytes?: number } = {},
) {
  const act = async (args: ActionFunctionArgs): Promise<T | Refused> => {
    try {
      if (Number(args.request.headers.get('content-length') ?? 0) > maxBytes) throw bodyTooLarge(maxBytes)
      return await work(await admit(args, action))
    } catch (error) {
      if (error instanceof Response) throw error
      return refused(error, args.context)
    }
  }
  return mark(act, action)
}

/** A loader that anybody may ask, with the same words as a guarded one for what goes wrong in it. */
export function openLoader<T>(work: (args: LoaderFunctionArgs) => Promise<T>) {
  return async (args: LoaderFunctionArgs): Promise<T> => {
    try {
      return await work(args)
    } catch (error) {
      if (error instanceof Response) throw error
      const refusal = refusalOf(error, args.context)
      throw Response.json(refusal, { status: refusal.status })
    }
  }
}

/** The permission a loader or action stands behind; undefined when it stands behind none. */
export function permissionOf(handler: unknown): Action | undefined {
  return typeof handler === 'function' ? (handler as { [guardMark]?: Action })[guardMark] : undefined
}

/** An action's answer to something that was thrown in it. */
export function refused(error: unknown, context: AppLoadContext): Refused {
  const refusal = refusalOf(error, context)
  return data({ refusal }, { status: refusal.status })
}

function mark<F extends (args: never) => unknown>(handler: F, action: Action): F {
  return Object.assign(handler, { [guardMark]: action })
}

async function admit(args: LoaderFunctionArgs, action: Action): Promise<GuardedArgs> {
  const { request, context } = args
  const signedIn = await requireViewer(request, context)
  if (!may(signedIn.viewer, action)) throw notYourWork()
  return { ...args, ...signedIn, db: context.db, files: context.files }
}

/**
 * What a person is told of an error. The web server and the built pages carry a copy each of our classes, so a refusal
 * is known by its name.
 */
export function refusalOf(error: unknown, context: AppLoadContext): RefusalData {
  if (error instanceof Error && error.name === 'Refusal') {
    const { code, status, sentence, fields } = error as Refusal
    const cause = error.cause
    context.log.warn({ code, status, ...(cause === undefined ? {} : { err: cause }) }, 'refused')
    return { code, status, sentence, fields, quote: context.requestId }
  }
  if (isUnreadableForm(error)) return refusalOf(Object.assign(notAForm(), { cause: error }), context)
  context.log.error({ err: error }, 'failed')
  const { code, status, sentence, fields } = isUnavailable(error) ? databaseAway() : unexpected()
  return { code, status, sentence, fields, quote: context.requestId }
}

const notYourWork = () =>
  new Refusal('not-permitted', 403, {
    vi: 'Vị trí đồng chí đang giữ không được làm việc này nên chưa có gì thay đổi. Nếu giữ nhiều vị trí, hãy chọn lại vị trí ở đầu trang.',
    en: 'The post you act in may not do this, so nothing was changed. If you hold several posts, choose another at the top of the page.',
  })

const bodyTooLarge = (maxBytes: number) => {
  const megabytes = Math.floor(maxBytes / 1_000_000)
  return new Refusal('form-too-large', 413, {
    vi: `Nội dung gửi lớn hơn ${megabytes} MB nên chưa được lưu. Hãy rút gọn hoặc tách tệp rồi gửi lại.`,
    en: `What was sent is larger than ${megabytes} MB and was not kept. Shorten or split it and send it again.`,
  })
}

/** What `request.formData()` throws of a body that is no form. */
const isUnreadableForm = (error: unknown) =>
  error instanceof TypeError && /as FormData|^Content-Type was not one of/.test(error.message)

const notAForm = () =>
  new Refusal('form-malformed', 400, {
    vi: 'Nội dung gửi lên không đúng dạng biểu mẫu nên chưa có gì được lưu. Hãy tải lại trang rồi gửi lại.',
    en: 'What was sent is not a proper form, and nothing was kept. Reload the page and send it again.',
  })

const databaseAway = () =>
  new Refusal('database-away', 503, {
    vi: 'Cơ sở dữ liệu tạm thời chưa sẵn sàng nên yêu cầu chưa được thực hiện. Dữ liệu vẫn an toàn; hãy thử lại sau ít phút.',
    en: 'The database is away for the moment, so this was not carried out. The data is safe; try again in a few minutes.',
  })

const unexpected = () =>
  new Refusal('unexpected', 500, {
    vi: 'Có lỗi ngoài dự kiến nên yêu cầu chưa được thực hiện. Dữ liệu đã lưu vẫn an toàn; hãy thử lại, nếu vẫn lỗi hãy báo quản trị kèm mã bên dưới.',
    en: 'Something unexpected went wrong and this was not carried out. What was saved is safe; try again, and if it goes on tell an administrator the code below.',
  })
