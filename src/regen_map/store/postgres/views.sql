CREATE OR REPLACE VIEW regen_map.places AS
SELECT
    id, 'public_space'::text AS family, name_it, name_en, kind, quarter, address, status,
    opening_hours, wheelchair, website, as_of, position_accuracy_m,
    ST_Dimension(geometry) = 2 AS is_area,
    ST_PointOnSurface(ST_MakeValid(geometry))::geometry(Point, 4326) AS geometry
FROM regen_map.public_spaces
UNION ALL
SELECT
    id, 'workshop', name_it, name_en, kind, quarter, address, status,
    opening_hours, wheelchair, website, as_of, position_accuracy_m,
    ST_Dimension(geometry) = 2,
    ST_PointOnSurface(ST_MakeValid(geometry))::geometry(Point, 4326)
FROM regen_map.workshops
UNION ALL
SELECT
    id, 'attraction', name_it, name_en, kind, quarter, address, status,
    opening_hours, wheelchair, website, as_of, position_accuracy_m,
    ST_Dimension(geometry) = 2,
    ST_PointOnSurface(ST_MakeValid(geometry))::geometry(Point, 4326)
FROM regen_map.attractions;

COMMENT ON VIEW regen_map.places IS
    'Tutti i luoghi, ciascuno come punto (di un''area, un punto al suo interno); senza geometria quelli di cui non si conosce la posizione. Chiave: id.';

CREATE OR REPLACE VIEW regen_map.projects_on_map AS
SELECT
    project.id, project.name_it, project.name_en, project.kind, project.phase, project.stalled,
    coalesce(project.quarter, place.quarter) AS quarter,
    project.start, project.first_declared_end, project.declared_end, project."end",
    project.start_from, project.end_until, project.area_m2, project.cup,
    project.place_id, place.name_it AS place_name_it, place.name_en AS place_name_en,
    money.allocated_eur, money.n_allocated_unknown,
    place.position_accuracy_m, place.geometry
FROM regen_map.projects AS project
JOIN regen_map.places AS place ON place.id = project.place_id
LEFT JOIN (
    SELECT
        project_id,
        sum(amount_eur) AS allocated_eur,
        count(*) FILTER (WHERE amount_eur IS NULL) AS n_allocated_unknown
    FROM regen_map.funding
    WHERE counted AND nature = 'allocated'
    GROUP BY project_id
) AS money ON money.project_id = project.id
WHERE place.geometry IS NOT NULL;

COMMENT ON VIEW regen_map.projects_on_map IS
    'I progetti il cui luogo ha una posizione, con la fase e l''importo stanziato (vuoto: non si conosce; n_allocated_unknown conta gli stanziamenti di importo ignoto). Gli altri stanno solo in projects. Chiave: id.';
