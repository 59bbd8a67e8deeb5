-- What a table does when it is written to: the source's is not asked, the target's must not change what arrives.

CREATE FUNCTION kinds.note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO unread.log VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NEW; END $$;
CREATE FUNCTION kinds.never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE SCHEMA unread;
CREATE TABLE unread.log (what text);
--@ source
CREATE TRIGGER watched BEFORE INSERT OR UPDATE OR DELETE ON kinds.watched FOR EACH ROW EXECUTE PROCEDURE kinds.never();
CREATE RULE ruled AS ON INSERT TO kinds.ruled DO INSTEAD NOTHING;
ALTER TABLE kinds.policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY one ON kinds.policed FOR SELECT USING (owner = 'o1');
ALTER TABLE kinds.policed_by_force ENABLE ROW LEVEL SECURITY;
ALTER TABLE kinds.policed_by_force FORCE ROW LEVEL SECURITY;
--@ target
CREATE TRIGGER note AFTER INSERT ON kinds.watched FOR EACH ROW EXECUTE PROCEDURE kinds.note();
CREATE TRIGGER off BEFORE INSERT ON kinds.watched FOR EACH ROW EXECUTE PROCEDURE kinds.never();
ALTER TABLE kinds.watched DISABLE TRIGGER off;
CREATE RULE also AS ON INSERT TO kinds.ruled DO ALSO INSERT INTO unread.log VALUES ('ruled');
