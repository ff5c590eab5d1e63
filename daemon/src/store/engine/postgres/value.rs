//! Values of ours as PostgreSQL takes and gives them: binary, by the type that the server deduced for a parameter.

use std::error::Error as Cause;

use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::Value;

/// A parameter.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn Cause + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(value) => value.to_sql(kind, out),
            Value::Text(value) => value.to_sql(kind, out),
            Value::Integer(value) if *kind == Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
            Value::Integer(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // which one is only known with the value; the types of the schema are few
    }

    to_sql_checked!();
}

/// A column of an answer.
pub(super) struct Read<'a>(pub(super) Value<'a>);

impl<'a> FromSql<'a> for Read<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Cause + Sync + Send>> {
        Ok(Self(match *kind {
            Type::BOOL => Value::Bool(bool::from_sql(kind, raw)?),
            Type::INT8 => Value::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Integer(i32::from_sql(kind, raw)?.into()),
            _ => Value::Text(<&str>::from_sql(kind, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Cause + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(kind: &Type) -> bool {
        [Type::BOOL, Type::INT8, Type::INT4, Type::TEXT, Type::VARCHAR, Type::NAME].contains(kind)
    }
}
