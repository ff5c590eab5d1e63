//! People of a story: the administrator, users, guests, and their rooms, each through the public door.
use serde_json::{Value, json};

use crate::{Answer, Client, Server, until};

/// The password of everybody in the suites.
pub const PASSWORD: &str = "correct horse battery";

impl Server {
    /// The administrator, made once through the set-up link; afterwards the same person signs in again.
    pub async fn admin(&self) -> Client {
        let mut made = self.administrator().lock().await;
        if let Some(admin) = made.as_ref() {
            return admin.clone();
        }
        let token = until("the set-up token", async || self.setup_token()).await;
        let body =
            json!({"token": token, "email": "admin@example.org", "password": PASSWORD, "name": "Admin"});
        let answer = self.stranger().post("/api/auth/setup").json(body).await.ok();
        let admin = self.stranger().bearer(answer.text("tokens/accessToken"));
        *made = Some(admin.clone());
        admin
    }

    /// A new user with `{name}@example.org`; makes the administrator first where there is none.
    pub async fn user(&self, name: &str) -> Client {
        self.admin().await;
        let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD, "name": name});
        let answer = self.stranger().post("/api/auth/register").json(body).await.ok();
        self.stranger().bearer(answer.text("tokens/accessToken"))
    }

    /// Signs a user in once more: another device.
    pub async fn login(&self, name: &str) -> Answer {
        let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
        self.stranger().post("/api/auth/login").json(body).await
    }

    /// A guest with a token of `guest-login`.
    pub async fn guest(&self, name: &str) -> Client {
        self.admin().await;
        let answer = self.stranger().post("/api/auth/guest-login").json(json!({"name": name})).await.ok();
        self.stranger().bearer(answer.text("tokens/accessToken"))
    }
}

impl Client {
    /// Creates a room with defaults and gives back its object.
    pub async fn room(&self, name: &str) -> Value {
        self.post("/api/room/create").json(json!({"name": name})).await.ok().json()
    }

    /// Asks to join; the test says what it expects of the answer.
    pub async fn join(&self, room: &str) -> Answer {
        self.post("/api/room/join").json(json!({"roomName": room})).await
    }

    /// Own user id, which is the identity in rooms.
    pub async fn id(&self) -> String {
        self.get("/api/auth/me").await.ok().text("id")
    }
}
