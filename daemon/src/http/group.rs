//! The routes of one kind of caller, in two forms: a router, and a router with the document that describes it.
//! A daemon that runs needs the first only: the document is much code and memory for something the repository keeps.

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter},
};
use utoipa_axum::router::OpenApiRouter;

use super::Context;

/// Made by [`group`].
pub(super) struct Group {
    pub(super) router: fn() -> Router<Context>,
    pub(super) documented: fn() -> OpenApiRouter<Context>,
}

/// A [`Group`] of handlers. Path and methods of each stand at the handler, in `#[utoipa::path]`; what it takes of a body
/// stands here, as in `module::handler takes Takes {...}`, where it is not what every route takes.
macro_rules! group {
    ($($module:ident::$handler:ident $(takes $takes:expr)?),+ $(,)?) => {
        $crate::http::group::Group {
            router: || {
                use utoipa::Path;
                use utoipa_axum::PathItemExt;
                ::axum::Router::new()$(.route(
                    &pastey::paste!($module::[<__path_ $handler>]::path()),
                    $crate::http::group::on(
                        pastey::paste!($module::[<__path_ $handler>]::methods()).iter().map(PathItemExt::to_method_filter),
                        $module::$handler,
                    )$(.layer(::axum::Extension($takes)))?,
                ))+
            },
            documented: || utoipa_axum::router::OpenApiRouter::new()$(.routes(utoipa_axum::routes!($module::$handler)))+,
        }
    };
}
pub(super) use group;

/// `handler` for each of `methods`.
pub(super) fn on<H: Handler<T, Context>, T: 'static>(
    methods: impl Iterator<Item = MethodFilter>,
    handler: H,
) -> MethodRouter<Context> {
    methods.fold(MethodRouter::new(), |router, method| router.on(method, handler.clone()))
}
