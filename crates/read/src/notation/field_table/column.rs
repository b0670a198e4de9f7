//! What a column of a field table holds, by its header.

use crate::document::Inline;
use crate::words::lower_words;

/// What a column of a field table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Entity,
    Name,
    Type,
    Required,
    Nullable,
    Unique,
    Default,
    Constraints,
    Values,
    References,
    Sensitivity,
    Description,
    Other,
}

/// The role of a column.
pub(super) fn role(header: &Inline) -> Role {
    let words = lower_words(&header.text.replace('`', ""));
    let joined = words.join(" ");
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // "Constraints / Description" holds both, in parts.
    if says(&["constraint", "constraints", "rules", "validation"])
        && says(&["description", "notes", "meaning", "remarks"])
    {
        return Role::Description;
    }
    match joined.as_str() {
        "entity" | "table" | "model" | "entity name" | "table name" => Role::Entity,
        "field" | "fields" | "column" | "columns" | "col" | "attribute" | "attr" | "property"
        | "name" | "field name" | "column name" | "attribute name" | "property name" | "member"
        | "key name" | "feld" | "spalte" | "feldname" | "attribut" | "columna" | "campo"
        | "atributo" | "nombre" | "coluna" | "nome" | "champ" | "colonne" | "nom" | "propiedad"
        | "propriedade" | "フィールド" | "フィールド名" | "カラム" | "カラム名" | "項目"
        | "字段" | "字段名" | "列名" | "필드" | "필드명" | "컬럼" | "поле" | "tên trường"
        | "trường" | "nama kolom" | "kolom" | "campo nome" => Role::Name,
        "type" | "data type" | "datatype" | "column type" | "field type" | "sql type"
        | "db type" | "postgres type" | "postgresql type" | "ts type" | "typescript type"
        | "type size" | "types" | "format" | "typ" | "datentyp" | "tipo" | "tipo de dato"
        | "tipo de dado" | "tipo dato" | "型" | "データ型" | "类型" | "数据类型" | "타입"
        | "тип" | "kiểu" | "kiểu dữ liệu" | "tipe" | "tipe data" => Role::Type,
        "required"
        | "req"
        | "mandatory"
        | "req d"
        | "m o"
        | "mandatory optional"
        | "r o"
        | "required optional"
        | "man opt"
        | "not null"
        | "pflicht"
        | "pflichtfeld"
        | "obligatorio"
        | "requerido"
        | "obrigatório"
        | "obrigatorio"
        | "obligatoire"
        | "requis"
        | "必須"
        | "必填"
        | "필수"
        | "필수 여부"
        | "обязательное"
        | "обязательность"
        | "bắt buộc"
        | "wajib" => Role::Required,
        "null" | "nullable" | "nullability" | "nulls" | "allow null" | "optional"
        | "null allowed" | "is nullable" | "nulo" | "nullbar" | "permite nulo" | "null ok"
        | "can be null" | "opcional" | "opt" | "may be empty" => Role::Nullable,
        "unique" => Role::Unique,
        "default" | "default value" | "defaults" | "predeterminado" | "por defecto" | "padrão"
        | "valor por defecto" | "valor padrão" | "défaut" | "standard" | "initial value" => {
            Role::Default
        }
        "constraint"
        | "constraints"
        | "rule"
        | "rules"
        | "key"
        | "keys"
        | "modifiers"
        | "validation"
        | "attributes"
        | "restricciones"
        | "restricción"
        | "restrições"
        | "contraintes"
        | "einschränkungen"
        | "clave"
        | "chave"
        | "reglas"
        | "regras"
        | "key type"
        | "constraints keys"
        | "key constraints"
        | "constraints validation"
        | "validation rules"
        | "pk fk"
        | "flags"
        | "options"
        | "constraint s"
        | "properties"
        | "constraints notes"
        | "constraints rules"
        | "modifier"
        | "制約"
        | "约束"
        | "제약"
        | "제약조건"
        | "ограничения"
        | "ràng buộc" => Role::Constraints,
        "values" | "allowed values" | "enum" | "enum values" | "options values"
        | "possible values" => Role::Values,
        "references" | "reference" | "fk" | "foreign key" | "relation" | "ref" | "links to"
        | "relationship" => Role::References,
        "pii"
        | "personal data"
        | "sensitivity"
        | "sensitive"
        | "classification"
        | "personal"
        | "privacy"
        | "data classification" => Role::Sensitivity,
        "description" | "notes" | "note" | "comment" | "comments" | "purpose" | "meaning"
        | "beschreibung" | "descripción" | "descripcion" | "descrição" | "descricao" | "notas"
        | "observaciones" | "observações" | "comentario" | "remarque" | "remarques"
        | "bedeutung" | "bemerkung" | "details" | "remarks" | "remark" | "description notes"
        | "説明" | "备注" | "描述" | "说明" | "備考" | "설명" | "비고" | "описание" | "mô tả"
        | "keterangan" | "deskripsi" | "explanation" | "notes constraints" | "usage" | "info" => {
            Role::Description
        }
        _ => Role::Other,
    }
}
