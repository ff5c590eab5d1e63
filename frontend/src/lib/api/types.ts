/** The daemon's API as types: made from its own document (`npm run generate`), so that a changed answer fails the build. */
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Tokens = Schemas['Tokens'];
export type Login = Schemas['Login'];
export type Made = Schemas['Made'];
export type Room = Schemas['Room'];
export type JoinAnswer = Schemas['JoinAnswer'] | Schemas['Waiting'];
export type Admission = Schemas['Admission'] | Schemas['GuestAdmission'] | Schemas['GuestWaiting'];
export type ServerSettings = Schemas['Switches'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Json<Content> = Content extends { content: { 'application/json': infer Value } } ? Value : never;

/** The paths that take this method. */
export type Path<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

type Responses<M extends Method, P extends Path<M>> = paths[P][M] extends { responses: infer R } ? R : never;

/** What the daemon answers when all went well. */
export type Answer<M extends Method, P extends Path<M>> = {
  [Status in keyof Responses<M, P>]: Status extends 200 | 201 | 202 ? Json<Responses<M, P>[Status]> : never;
}[keyof Responses<M, P>];

export type Body<M extends Method, P extends Path<M>> = paths[P][M] extends { requestBody?: infer B }
  ? Json<B>
  : undefined;

/** The names between braces in a path. */
type Names<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** One request; `params` fill the braces of the path. */
export type Call<M extends Method, P extends Path<M>> = {
  method: M;
  path: P;
  body?: Body<M, P>;
  /** What stands behind the question mark; nothing for empty values. */
  query?: Record<string, string>;
  /** Arrives also when the page is closed meanwhile. */
  outlives?: boolean;
} & ([Names<P>] extends [never] ? { params?: undefined } : { params: Record<Names<P>, string> });
