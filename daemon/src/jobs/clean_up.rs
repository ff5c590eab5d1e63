//! Every hour: forgets admissions, revocations, presences, chats, audit lines, events and deliveries that nobody needs any more.

use std::time::Duration;

use crate::{
    error::Result,
    rooms::{Keep, Rooms},
    settings::Settings,
    webhooks::Webhooks,
};

const PERIOD: Duration = Duration::from_secs(3600);

pub(super) async fn run(rooms: Rooms, settings: Settings, webhooks: Webhooks) {
    let mut clock = tokio::time::interval(PERIOD);
    loop {
        clock.tick().await;
        let cleaned = rooms.clean_up().await;
        let chats = forget_chats(&rooms, &settings).await;
        let cleaned = cleaned.and(chats).and(webhooks.forget_old().await);
        if let Err(e) = cleaned.and(settings.forget_audit().await).and(settings.forget_events().await) {
            tracing::warn!(code = e.code, "old rows were not cleaned up: {e}");
        }
    }
}

async fn forget_chats(rooms: &Rooms, settings: &Settings) -> Result<()> {
    let values = settings.get().await?;
    rooms
        .forget_chats(Keep { count: values.chat_max_message_count, hours: values.chat_message_ttl_hours })
        .await
}
