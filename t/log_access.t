# The checkpoint is everybody's; the rest is for whom the operator lets in, on
# top of nginx's own rules. A reading leaves an entry that names a role of the
# configuration, never an address, and a crawler leaves few.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

my $http = <<'EOF';
    %%CONSENT%%
    consent_log_interval 50ms;

    map $http_x_auditor $auditor { secret 1; nobody 0; default ""; }

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log; }
        location /near/     { consent_log allow=127.0.0.0/8; }
        location /far/      { consent_log allow=192.0.2.0/24; }
        location /if/       { consent_log if=$auditor; }
        location /both/     { consent_log allow=127.0.0.1 if=$auditor; }
        location /farif/    { consent_log allow=192.0.2.0/24 if=$auditor; }
        location /deny/     { consent_log allow=127.0.0.1; deny all; }
    }
EOF

$t->run($http);

my $log = Consent::Test::Log->new($t, base => '/near/');
my $bundle;

ok($t->wait_for(sub {
    my $r = $log->get('checkpoint');
    $bundle = 'tile/entries/' . ($r->body =~ /\n(\d+)\n/)[0] if $r->status == 200;
}), 'there is a log');

$bundle = 'tile/entries/000.p/1';

# each case: location, header, status of the checkpoint and of all else

for my $case (
    ['/log/', undef, 200, 403],
    ['/log/', 'secret', 200, 403],
    ['/near/', undef, 200, 200],
    ['/far/', undef, 200, 403],
    ['/if/', undef, 200, 403],
    ['/if/', 'wrong', 200, 403],
    ['/if/', 'nobody', 200, 403],
    ['/if/', 'secret', 200, 200],
    ['/both/', undef, 200, 403],
    ['/both/', 'secret', 200, 200],
    ['/farif/', 'secret', 200, 403],
    ['/deny/', undef, 403, 403],
) {
    my ($base, $auditor, $public, $rest) = @$case;
    my @headers = defined $auditor ? (headers => ['X-Auditor', $auditor]) : ();
    my $who = $auditor // 'nobody';

    is($t->get("${base}checkpoint", @headers)->status, $public, "the checkpoint of $base to $who");
    is($t->get("$base$bundle", @headers)->status, $rest, "entries of $base");
    is($t->get("${base}tile/0/000.p/1", @headers)->status, $rest, "tiles of $base");

    is($t->get("${base}0/checkpoint", @headers)->status, $public, "the checkpoint of the first log of $base");
    is($t->get("${base}0/$bundle", @headers)->status, $rest, "and its entries");

    # who may not read is not told what there is
    is($t->get("${base}1/$bundle", @headers)->status, $rest == 200 ? 404 : 403, "entries of a log that there is not, of $base");
    is($t->get("${base}tile/0/x001/000", @headers)->status, $rest == 200 ? 404 : 403, "what there is not, of $base");
    is($t->get("${base}policy/" . '0' x 64, @headers)->status, $rest == 200 ? 404 : 403, "documents of $base");
}

my $r = $t->get("/log/$bundle");
is($r->header('Content-Type'), 'application/problem+json', 'a refusal is a problem');
like($r->body, qr{problems/not-open"}, 'which says what it is');
like($r->body, qr/"phone"/, 'with the way to a person');
is($r->header('Cache-Control'), 'no-store', 'kept by nobody');

# what was read stands in the log

sub audits {
    return $log->has($log->checkpoint, sub { $_[0]{type} eq 'audit' });
}

my @audits;
ok($t->wait_for(sub { @audits = audits; return 3 <= @audits }), 'the readings are in the log');

my %role = map { $_->{location} => $_->{role} } @audits;
is_deeply(\%role, { '/near/' => 'allow', '/if/' => '$auditor', '/both/' => '$auditor' }, 'of those who were let in, by role');
unlike(JSON::PP->new->encode(\@audits), qr/127\.0|secret/, 'without anything of who they are');

# a crawler

my $before = @audits;

for (1 .. 300) {
    $t->get("/near/$bundle", headers => ['X-Forwarded-For', '203.0.113.7']);
}

cmp_ok(scalar(audits), '<=', $before, 'those that follow gather');

$t->quit;
$t->start;

ok($t->wait_for(sub { @audits = audits; return grep { $_->{location} eq '/near/' && $_->{bundles} > 300 } @audits }),
    'and are written before the worker leaves');
cmp_ok(scalar(grep { $_->{location} eq '/near/' } @audits), '<=', 3, 'together');

my ($crawl) = grep { $_->{bundles} > 300 } @audits;
is($crawl->{first}, 0, 'with the entries that were read');
like($crawl->{last}, qr/^\d+$/, 'from and to');

done_testing();
