-- Which agent made an invitation, who may have had another name then, and whether
-- its link could be mailed. Of those that an older release makes neither is known.
ALTER TABLE invitations ADD COLUMN inviter TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN mailed TEXT NOT NULL DEFAULT ''; -- sent or failed; '' where it is not known
