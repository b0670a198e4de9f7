-- UUID keys, native enumerations, camel case, money in cents for nobody: names quoted, keys unique by trigger with a lock.
CREATE TYPE "OrderStatus" AS ENUM ('Cart', 'Placed', 'Paid', 'Shipped', 'Cancelled');
CREATE TYPE "PaymentMethod" AS ENUM ('card', 'transfer', 'cash');
CREATE TABLE "Merchants" ("Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "Name" varchar(100) NOT NULL UNIQUE);
CREATE TABLE "Customers" (
    "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "MerchantId" uuid NOT NULL REFERENCES "Merchants",
    "Email" varchar(255) NOT NULL,
    "Name" varchar(80) NOT NULL
);
CREATE FUNCTION customers_email() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(NEW."MerchantId"::text || NEW."Email"));
    IF EXISTS (SELECT FROM "Customers" c WHERE c."MerchantId" = NEW."MerchantId"
               AND c."Email" = NEW."Email" AND c."Id" <> NEW."Id") THEN
        RAISE EXCEPTION 'known already' USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER customers_email BEFORE INSERT OR UPDATE ON "Customers"
    FOR EACH ROW EXECUTE FUNCTION customers_email();
CREATE TABLE "Products" (
    "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "MerchantId" uuid NOT NULL REFERENCES "Merchants",
    "Sku" varchar(40) NOT NULL,
    "Price" numeric(12, 2) NOT NULL CHECK ("Price" > 0),
    "Stock" integer NOT NULL CHECK ("Stock" >= 0),
    UNIQUE ("MerchantId", "Sku")
);
CREATE TABLE "Orders" (
    "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "MerchantId" uuid NOT NULL REFERENCES "Merchants",
    "CustomerId" uuid NOT NULL REFERENCES "Customers",
    "Status" "OrderStatus" NOT NULL DEFAULT 'Cart',
    "Total" numeric(12, 2) NOT NULL CHECK ("Total" >= 0),
    "PaidAt" timestamptz,
    "PlacedAt" timestamptz,
    CHECK ("Status" <> 'Paid' OR "PaidAt" IS NOT NULL)
);
CREATE UNIQUE INDEX ON "Orders" ("CustomerId") WHERE "Status" = 'Cart';
CREATE FUNCTION orders_life() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW."Status" <> 'Cart' THEN RAISE EXCEPTION 'born as a cart'; END IF;
    IF TG_OP = 'UPDATE' AND NEW."Status" <> OLD."Status" AND (OLD."Status", NEW."Status") NOT IN (
        ('Cart', 'Placed'), ('Placed', 'Paid'), ('Placed', 'Cancelled'), ('Paid', 'Shipped'), ('Paid', 'Cancelled')) THEN
        RAISE EXCEPTION 'no such step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_life BEFORE INSERT OR UPDATE ON "Orders" FOR EACH ROW EXECUTE FUNCTION orders_life();
CREATE TABLE "OrderLines" (
    "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "OrderId" uuid NOT NULL REFERENCES "Orders" ON DELETE CASCADE,
    "ProductId" uuid NOT NULL REFERENCES "Products" ON DELETE RESTRICT,
    "Quantity" integer NOT NULL CHECK ("Quantity" >= 1 AND "Quantity" <= 999),
    "DiscountPercent" integer CHECK ("DiscountPercent" >= 0 AND "DiscountPercent" <= 100)
);
CREATE TABLE "Payments" (
    "Id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "MerchantId" uuid NOT NULL REFERENCES "Merchants",
    "OrderId" uuid NOT NULL REFERENCES "Orders",
    "Amount" numeric(12, 2) NOT NULL CHECK ("Amount" > 0),
    "IdempotencyKey" varchar(64) NOT NULL,
    "Method" "PaymentMethod" NOT NULL,
    UNIQUE ("MerchantId", "IdempotencyKey")
);
CREATE FUNCTION payments_fixed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
CREATE TRIGGER payments_fixed BEFORE UPDATE ON "Payments" FOR EACH ROW EXECUTE FUNCTION payments_fixed();
