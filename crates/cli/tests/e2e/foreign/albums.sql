CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    login text NOT NULL UNIQUE
);

CREATE TABLE albums (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 60),
    parent_id uuid,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'shared', 'closed')),
    share_code text UNIQUE,
    shared_at timestamptz,
    closed_by uuid REFERENCES users (id),
    UNIQUE (user_id, id),
    FOREIGN KEY (user_id, parent_id) REFERENCES albums (user_id, id),
    CHECK (share_code IS NULL OR shared_at IS NOT NULL),
    CHECK (state <> 'shared' OR shared_at IS NOT NULL),
    CHECK (state <> 'closed' OR closed_by IS NOT NULL)
);
CREATE UNIQUE INDEX albums_title ON albums (user_id, lower(title));

CREATE FUNCTION albums_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NULL THEN RETURN NEW; END IF;
    PERFORM 1 FROM users WHERE id = NEW.user_id FOR UPDATE;
    IF EXISTS (
        WITH RECURSIVE up AS (
            SELECT id, parent_id FROM albums WHERE id = NEW.parent_id
            UNION SELECT a.id, a.parent_id FROM albums a JOIN up ON a.id = up.parent_id
        ) SELECT 1 FROM up WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'an album cannot stand below itself';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER albums_tree BEFORE INSERT OR UPDATE OF parent_id ON albums
    FOR EACH ROW EXECUTE FUNCTION albums_tree();

CREATE FUNCTION albums_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'an album begins as draft'; END IF;
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('draft', 'shared'), ('shared', 'closed')) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER albums_life BEFORE INSERT OR UPDATE ON albums
    FOR EACH ROW EXECUTE FUNCTION albums_life();

CREATE TABLE pictures (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    file_name varchar(100) NOT NULL,
    size_bytes integer NOT NULL CHECK (size_bytes BETWEEN 1 AND 20000000),
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'checked', 'banned')),
    UNIQUE (user_id, id)
);

CREATE FUNCTION pictures_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'new' THEN RAISE EXCEPTION 'a picture begins as new'; END IF;
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state)
            NOT IN (('new', 'checked'), ('new', 'banned'), ('checked', 'banned')) THEN
        RAISE EXCEPTION 'no step from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pictures_life BEFORE INSERT OR UPDATE ON pictures
    FOR EACH ROW EXECUTE FUNCTION pictures_life();

CREATE TABLE album_pictures (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL,
    album_id uuid NOT NULL,
    picture_id uuid NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (album_id, picture_id),
    FOREIGN KEY (user_id, album_id) REFERENCES albums (user_id, id) ON DELETE CASCADE,
    FOREIGN KEY (user_id, picture_id) REFERENCES pictures (user_id, id) ON DELETE CASCADE
);
