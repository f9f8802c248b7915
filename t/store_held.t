# Lookups share a snapshot of the store for a moment, and let go of it: what is
# written later finds the pages that nobody needs any more.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ status => 200 });

$t->run(<<'EOF', workers => 1);
    %%CONSENT%%
    consent_log_interval 1h;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $cookie = $t->decide(level => 'fitted');
my $size = sub { -s $t->path('store/data.mdb') };
my $subject = $t->get('/.privacy/api/v1/record', cookie => $cookie)->json->{subject};

my $before = $size->();
is($t->get('/', cookie => $cookie)->status, 200, 'a citizen is looked up');

for (1 .. 25) {
    $t->run_ctl('hold', $t->path('store'), $subject, @$_) for [], ['--release'];
}

cmp_ok($size->() - $before, '<', 500_000, 'and what is freed after that is used again');

done_testing();
