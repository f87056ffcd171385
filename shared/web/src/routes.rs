//! A context declares its routes once: path, method, who may call, handler. The router, the OpenAPI document
//! and the permission walk come from this one declaration.

use axum::{
    Router,
    handler::Handler,
    middleware::{from_fn, map_request_with_state},
    routing::{MethodFilter, MethodRouter, on},
};
use cloud::Deps;
use http::Method;
use kernel::Error;
use utoipa::openapi::{OpenApi, path::Paths};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{
    Failure,
    access::{Access, guard},
    chosen, present,
};

/// One route as it was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub method: Method,
    /// As axum matches it: `/api/v1/invoices/{id}`.
    pub path: String,
    pub access: Access,
}

pub struct Routes {
    router: Router<Deps>,
    openapi: OpenApi,
    declared: Vec<Declared>,
}

impl Default for Routes {
    fn default() -> Self {
        let openapi = utoipa::openapi::OpenApiBuilder::new().build();
        Self { router: Router::new(), openapi, declared: Vec::new() }
    }
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// An operation of the API, documented by `#[utoipa::path]` on its handler.
    pub fn api(mut self, access: Access, (schemas, paths, handler): UtoipaMethodRouter<Deps>) -> Self {
        for (path, item) in &paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            for (method, _) in operations.into_iter().filter(|(_, operation)| operation.is_some()) {
                self.declared.push(Declared { method, path: path.clone(), access });
            }
            self.router = self.router.route(path, gated(access, handler.clone()));
        }
        let mut document = utoipa::openapi::OpenApiBuilder::new().paths(paths).build();
        document.components.get_or_insert_default().schemas.extend(schemas);
        self.openapi.merge(document);
        self
    }

    pub fn get<H, T>(self, access: Access, path: &str, handler: H) -> Self
    where
        H: Handler<T, Deps>,
        T: 'static,
    {
        self.page(access, Method::GET, MethodFilter::GET, path, handler)
    }

    pub fn post<H, T>(self, access: Access, path: &str, handler: H) -> Self
    where
        H: Handler<T, Deps>,
        T: 'static,
    {
        self.page(access, Method::POST, MethodFilter::POST, path, handler)
    }

    fn page<H, T>(mut self, access: Access, method: Method, filter: MethodFilter, path: &str, handler: H) -> Self
    where
        H: Handler<T, Deps>,
        T: 'static,
    {
        self.declared.push(Declared { method, path: path.into(), access });
        self.router = self.router.route(path, gated(access, on(filter, handler)));
        self
    }

    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    pub fn openapi(&self) -> &OpenApi {
        &self.openapi
    }

    pub fn paths(&self) -> &Paths {
        &self.openapi.paths
    }

    pub fn into_router(self, deps: Deps) -> Router {
        let routed = self
            .router
            .fallback(async || Failure(Error::NotFound))
            .method_not_allowed_fallback(async || Failure(Error::NotFound))
            .with_state(deps.clone());
        // Around the routing, which must see the path without the organization.
        Router::new()
            .fallback_service(routed)
            .layer(map_request_with_state(deps.clone(), with_deps))
            .layer(axum::middleware::from_fn_with_state(deps, present::present))
            .layer(from_fn(chosen::scoped))
    }
}

async fn with_deps(
    axum::extract::State(deps): axum::extract::State<Deps>,
    mut request: axum::extract::Request,
) -> axum::extract::Request {
    request.extensions_mut().insert(deps);
    request
}

fn gated(access: Access, handler: MethodRouter<Deps>) -> MethodRouter<Deps> {
    handler.route_layer(from_fn(move |request, next| guard(access, request, next)))
}
