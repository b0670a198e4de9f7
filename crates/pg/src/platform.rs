//! What a platform has in every database before anybody's first migration: a schema that counts on it installs
//! nowhere else without a stand-in.

use crate::Ident;

/// A platform's own namespaces, as far as the schemas of its users refer to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandIn {
    /// What it is called.
    pub name: &'static str,
    /// What makes it.
    pub script: &'static str,
    namespaces: &'static [&'static str],
}

impl StandIn {
    /// Its namespaces: what is in them is nobody's design.
    pub fn namespaces(self) -> impl Iterator<Item = Ident> {
        self.namespaces.iter().map(|name| Ident::new(*name).expect("a fixed name"))
    }

    /// The stand-in that a script counts on: it speaks of what it does not make.
    pub fn wanted(script: &str) -> Option<Self> {
        let lower = script.to_lowercase();
        let speaks = ["auth.users", "auth.uid()", "auth.jwt()", "auth.role()", "storage.objects"];
        let is_made =
            ["create schema auth", "create schema if not exists auth", "create schema \"auth\""];
        let speaks = speaks.iter().any(|it| lower.replace('"', "").contains(it));
        (speaks && !is_made.iter().any(|it| lower.contains(it))).then_some(SUPABASE)
    }
}

/// Supabase: accounts, files, and where extensions go. Who asks is told by the setting `request.jwt.claims`, as in
/// `PostgREST`.
const SUPABASE: StandIn = StandIn {
    name: "Supabase",
    namespaces: &["auth", "storage", "extensions"],
    script: "\
CREATE SCHEMA auth;
CREATE SCHEMA storage;
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE TABLE auth.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email character varying(255),
    phone text,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone
);
CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, public boolean DEFAULT false);
CREATE TABLE storage.objects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    bucket_id text REFERENCES storage.buckets,
    name text,
    owner uuid
);
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (auth.jwt() ->> 'sub')::uuid $$;
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT auth.jwt() ->> 'role' $$;
CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$ SELECT auth.jwt() ->> 'email' $$;
",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_counts_on_a_platform() {
        let wanted = |script| StandIn::wanted(script).map(|it| it.name);
        assert_eq!(
            wanted("CREATE TABLE a (u uuid REFERENCES \"auth\".\"users\")"),
            Some("Supabase")
        );
        assert_eq!(wanted("CREATE SCHEMA auth; CREATE TABLE auth.users (id int);"), None);
        assert_eq!(wanted("CREATE TABLE users (id int)"), None);
    }
}
